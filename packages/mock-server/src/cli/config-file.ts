import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { checkInput, toLines } from '../parse-input.ts'
import { explainJsonError } from './explain-json-error.ts'
import {
  type CommandOption,
  type CommandOptions,
  type Flags,
  type OptionValues,
  readFlags,
  readVariables,
} from './options.ts'
import { startOptions } from './start/options.ts'
import type { Terminal } from './terminal.ts'

type StartOptions = typeof startOptions

/** The options that are a field of the file under their own name; the others stand inside of one, or nowhere. */
type FieldName = {
  [Name in keyof StartOptions]: StartOptions[Name] extends { readonly configPath: unknown }
    ? never
    : Name
}[keyof StartOptions]

type Fields = { [Name in FieldName]: z.ZodExactOptional<StartOptions[Name]['schema']> }

const fields = Object.fromEntries(
  Object.entries<CommandOption>(startOptions)
    .filter(([, { configPath }]) => configPath === undefined)
    .map(([name, { schema }]) => [name, schema.exactOptional()]),
) as Fields

const ConfigFileSchema = z.strictObject(fields)

/** A config file as it is written: only what differs from the defaults. */
type ConfigFile = z.input<typeof ConfigFileSchema>

/** A config file, or why there is none, in words for its author. */
export type ConfigFileResult =
  | { readonly ok: true; readonly config: ConfigFile }
  | { readonly ok: false; readonly message: string }

const fail = (message: string): ConfigFileResult => ({ ok: false, message })

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

/** Says why a file could not be read. */
export function explainReadError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? String(error)
}

/** Reads and checks a config file; what is wrong with it is a result, never an exception. */
export async function readConfigFile(file: string): Promise<ConfigFileResult> {
  let text: string
  try {
    text = new TextDecoder().decode(await readFile(file))
  } catch (error) {
    return fail(`Cannot read the config file ${file}: ${explainReadError(error)}`)
  }
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch (error) {
    return fail(`The config file ${file} is not valid JSON: ${explainJsonError(text, error)}`)
  }
  const result = checkInput(ConfigFileSchema, config)
  // The file goes on as it is written: settings that are filled in are no input of the app's.
  if (result.ok) return { ok: true, config: config as ConfigFile }
  return fail(`The config file ${file} is not valid:${toLines(result.refusal)}`)
}

/** What `sendbox start` was told, with defaults. */
export type StartRequest = ConfigFile &
  Required<Pick<ConfigFile, 'port' | 'host' | 'json' | 'logLevel'>>

/** What was told, or all that is wrong with it, one problem a line. */
export type StartRequestResult =
  | { readonly ok: true; readonly request: StartRequest }
  | { readonly ok: false; readonly message: string }

type Layer = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Layer =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lays one object over another, field by field; lists are replaced as a whole. */
const layOver = (lower: Layer, upper: Layer): Layer => ({
  ...lower,
  ...Object.fromEntries(
    Object.entries(upper).map(([name, value]) => {
      const below = lower[name]
      return [name, isObject(below) && isObject(value) ? layOver(below, value) : value]
    }),
  ),
})

/** Writes values as a config file has them. */
const toLayer = (options: CommandOptions, values: OptionValues['values']): Layer =>
  Object.entries<CommandOption>(options).reduce<Layer>((layer, [name, { configPath = [name] }]) => {
    const value = values[name]
    if (value === undefined || configPath === null) return layer
    return layOver(
      layer,
      configPath.reduceRight<unknown>((inner, field) => ({ [field]: inner }), value) as Layer,
    )
  }, {})

const { port, host, logLevel } = startOptions
const defaults = {
  port: port.default,
  host: host.default,
  json: false,
  logLevel: logLevel.default,
}

/** Flags win over variables, which win over the config file, which wins over the defaults. */
export async function readStartOptions(
  flags: Flags,
  { env, folder }: Pick<Terminal, 'env' | 'folder'>,
): Promise<StartRequestResult> {
  const given = readFlags(startOptions, flags)
  const variables = readVariables(startOptions, env)
  const configPath = given.values['config'] ?? variables.values['config']
  const file =
    typeof configPath === 'string'
      ? await readConfigFile(path.resolve(folder, configPath))
      : ({ ok: true, config: {} } as const)
  const problems = [...given.problems, ...variables.problems, ...(file.ok ? [] : [file.message])]
  if (!file.ok || problems.length > 0) return { ok: false, message: problems.join('\n') }
  const layers = [
    file.config,
    toLayer(startOptions, variables.values),
    toLayer(startOptions, given.values),
  ]
  const request = layers.reduce<Layer>(layOver, defaults) as StartRequest
  const { data } = request
  const placed = data === undefined ? request : { ...request, data: path.resolve(folder, data) }
  return { ok: true, request: placed }
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isRecord, type Result } from '@sendbox/schema'
import { z } from 'zod'
import { checkInput, toLines } from '../../parse-input.ts'
import {
  type CommandOption,
  type CommandOptions,
  type Flags,
  type OptionValues,
  readFlags,
  readVariables,
} from '../options.ts'
import { explainReadError, parseJson } from '../read-json.ts'
import type { Terminal } from '../terminal.ts'
import { startOptions } from './options.ts'

type StartOptions = typeof startOptions

/** The options that are a field of the file under their own name; the others are a field of a field, or none. */
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

/** The file; `$schema` is for editors. */
export const ConfigFileSchema = z.strictObject({ $schema: z.string().exactOptional(), ...fields })

/** A config file as it is written: only what differs from the defaults. */
type ConfigFile = Omit<z.input<typeof ConfigFileSchema>, '$schema'>

const fail = (refusal: string): Result<never, string> => ({ ok: false, refusal })

/** Reads and checks a config file, without filling in defaults; returns an error message, never throws. */
export async function readConfigFile(file: string): Promise<Result<ConfigFile, string>> {
  let text: string
  try {
    text = new TextDecoder().decode(await readFile(file))
  } catch (error) {
    return fail(`Cannot read the config file ${file}: ${explainReadError(error)}`)
  }
  const json = parseJson(text)
  if (!json.ok) return fail(`The config file ${file} is not valid JSON: ${json.refusal}`)
  const result = checkInput(ConfigFileSchema, json.value)
  if (!result.ok) return fail(`The config file ${file} is not valid:${toLines(result.refusal)}`)
  const { $schema: _, ...value } = json.value as z.input<typeof ConfigFileSchema>
  return { ok: true, value }
}

/** All options of `sendbox start`, merged, with defaults. */
export type StartRequest = ConfigFile &
  Required<Pick<ConfigFile, 'port' | 'host' | 'json' | 'logLevel'>>

/** The options that have a value where no source gives one. */
type Defaults = Pick<StartRequest, 'port' | 'host' | 'json' | 'logLevel'> & Partial<StartRequest>

type Layer = Readonly<Record<string, unknown>>

/** Merges one object over another, field by field; lists are replaced as a whole. */
const merge = (lower: Layer, upper: Layer): Layer => ({
  ...lower,
  ...Object.fromEntries(
    Object.entries(upper).map(([name, value]) => {
      const below = lower[name]
      return [name, isRecord(below) && isRecord(value) ? merge(below, value) : value]
    }),
  ),
})

/** Arranges values in the structure of a config file. */
const toLayer = (options: CommandOptions, values: OptionValues['values']): Layer =>
  Object.entries<CommandOption>(options).reduce<Layer>((layer, [name, { configPath = [name] }]) => {
    const value = values[name]
    if (value === undefined || configPath === null) return layer
    return merge(
      layer,
      configPath.reduceRight<unknown>((inner, field) => ({ [field]: inner }), value) as Layer,
    )
  }, {})

const { port, host, logLevel } = startOptions
const startDefaults: Defaults = {
  port: port.default,
  host: host.default,
  json: false,
  logLevel: logLevel.default,
}

/** The config file that a flag or a variable names, if one does. */
export function findConfigFile(
  flags: Flags,
  { env, folder }: Pick<Terminal, 'env' | 'folder'>,
): string | undefined {
  const given = readFlags(startOptions, flags).values['config']
  const named = given ?? readVariables(startOptions, env).values['config']
  return typeof named === 'string' ? path.resolve(folder, named) : undefined
}

/** Flags win over variables, which win over the config file, which wins over the defaults; returns all problems, one a line. */
export async function readStartOptions(
  flags: Flags,
  { env, folder }: Pick<Terminal, 'env' | 'folder'>,
  defaults: Defaults = startDefaults,
): Promise<Result<StartRequest, string>> {
  const given = readFlags(startOptions, flags)
  const variables = readVariables(startOptions, env)
  const configFile = findConfigFile(flags, { env, folder })
  const file =
    configFile === undefined ? ({ ok: true, value: {} } as const) : await readConfigFile(configFile)
  const problems = [...given.problems, ...variables.problems, ...(file.ok ? [] : [file.refusal])]
  if (!file.ok || problems.length > 0) return fail(problems.join('\n'))
  const layers = [
    file.value,
    toLayer(startOptions, variables.values),
    toLayer(startOptions, given.values),
  ]
  const request = layers.reduce<Layer>(merge, defaults) as StartRequest
  const { data, scenario } = request
  return {
    ok: true,
    value: {
      ...request,
      ...(data !== undefined && { data: path.resolve(folder, data) }),
      ...(scenario !== undefined && { scenario: path.resolve(folder, scenario) }),
    },
  }
}

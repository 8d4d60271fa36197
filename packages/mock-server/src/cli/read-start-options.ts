import path from 'node:path'
import type { CommandOption, CommandOptions } from './command-option.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'
import { type Flags, type OptionValues, readFlags, readVariables } from './read-options.ts'
import { startOptions } from './start-options.ts'
import type { Terminal } from './terminal.ts'

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

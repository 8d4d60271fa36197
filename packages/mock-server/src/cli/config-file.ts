import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { explainJsonError } from '../explain-json-error.ts'
import { readInput, toLines } from '../read-input.ts'
import type { CommandOption } from './command-option.ts'
import { startOptions } from './start-options.ts'

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
export type ConfigFile = z.input<typeof ConfigFileSchema>

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
export async function readConfigFile(path: string): Promise<ConfigFileResult> {
  let text: string
  try {
    text = new TextDecoder().decode(await readFile(path))
  } catch (error) {
    return fail(`Cannot read the config file ${path}: ${explainReadError(error)}`)
  }
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch (error) {
    return fail(`The config file ${path} is not valid JSON: ${explainJsonError(text, error)}`)
  }
  const result = readInput(ConfigFileSchema, config)
  // The file goes on as it is written: settings that are filled in are no input of the app's.
  if (result.ok) return { ok: true, config: config as ConfigFile }
  return fail(`The config file ${path} is not valid:${toLines(result.problems)}`)
}

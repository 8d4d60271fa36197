import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AccountsSchema } from './app-installs.ts'
import { explainJsonError } from './explain-json-error.ts'
import { readInput, toLines } from './read-input.ts'
import { SettingsSchema } from './settings.ts'

export const largestPort = 65_535

/** What `sendbox start --config` reads. */
const ConfigFileSchema = z.strictObject({
  /**
   * TCP port; 0 takes a free one.
   * @default 4020
   */
  port: z.int().min(0).max(largestPort).exactOptional(),
  /**
   * Address to listen on.
   * @default '127.0.0.1'
   */
  host: z.string().min(1).exactOptional(),
  /**
   * Makes ids repeatable.
   * @default none: ids are random
   */
  seed: z.string().exactOptional(),
  /** Which side is taken where the public material contradicts itself. */
  settings: SettingsSchema.exactOptional(),
  /** Accounts whose apps have credentials or a manifest of their own. */
  accounts: AccountsSchema.exactOptional(),
})

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

function explainReadError(error: unknown): string {
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

import { explainJsonError } from '../explain-json-error.ts'
import { readInput } from '../read-input.ts'
import {
  type CommandOption,
  type CommandOptions,
  type OptionKind,
  toFlag,
  toVariable,
} from './command-option.ts'

/** The values that one source gives, by the names of their options, and what is wrong with it. */
export interface OptionValues {
  readonly values: Readonly<Record<string, unknown>>
  /** One line for each bad value, which begins with its flag or variable. */
  readonly problems: readonly string[]
}

type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reasons: readonly string[] }

const switchWords: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
}

/** A text that is no number or no yes and no stays a text, which the schema then refuses. */
function toValue(text: string, kind: OptionKind): unknown {
  if (kind === 'number') return /^\d+$/.test(text) ? Number(text) : text
  if (kind === 'switch') return switchWords[text.toLowerCase()] ?? text
  return text
}

function readJsonText(text: string, { schema }: CommandOption): ReadValue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, reasons: [`expected JSON: ${explainJsonError(text, error)}`] }
  }
  const result = readInput(schema, value)
  // It goes on as it is written, so that what it leaves out does not hide what another source says.
  if (result.ok) return { ok: true, value }
  const reasons = result.problems.map(({ path, expected, received, message }) =>
    path === '' ? `expected ${expected}, received ${received}` : message,
  )
  return { ok: false, reasons }
}

function readText(text: string, option: CommandOption): ReadValue {
  if (option.kind === 'json') return readJsonText(text, option)
  const value = toValue(text, option.kind)
  const result = readInput(option.schema, value)
  if (result.ok) return { ok: true, value }
  if (option.isSecret) return { ok: false, reasons: [`expected ${option.expected}`] }
  const hint = / \(did you mean .*\)$/.exec(result.problems[0]?.message ?? '')?.[0] ?? ''
  const received = JSON.stringify(text)
  return { ok: false, reasons: [`expected ${option.expected}, received ${received}${hint}`] }
}

function readTexts(
  options: CommandOptions,
  textOf: (name: string) => string | undefined,
  toSource: (name: string) => string,
): OptionValues {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, option] of Object.entries(options)) {
    const text = textOf(name)
    if (text === undefined) continue
    const read = readText(text, option)
    if (read.ok) values[name] = read.value
    else problems.push(...read.reasons.map(reason => `${toSource(name)}: ${reason}`))
  }
  return { values, problems }
}

/** The flags of a command as commander collects them: a switch that is given is `true`. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

/** Reads the flags that were given. */
export const readFlags = (options: CommandOptions, flags: Flags): OptionValues =>
  readTexts(options, name => flags[name]?.toString(), toFlag)

/** Reads the environment variables that are set; an empty one counts as not set. */
export const readVariables = (
  options: CommandOptions,
  env: Readonly<Record<string, string | undefined>>,
): OptionValues => readTexts(options, name => env[toVariable(name)] || undefined, toVariable)

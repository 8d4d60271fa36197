import { type Command, Option } from 'commander'
import type { z } from 'zod'
import { checkInput } from '../parse-input.ts'
import { explainJsonError } from './explain-json-error.ts'

/** How the text of a flag or a variable becomes a value. */
type OptionKind = 'text' | 'number' | 'json' | 'switch'

/** One option of a command: its flag, its environment variable, its key in a config file, its help. */
export interface CommandOption {
  readonly kind: OptionKind
  readonly schema: z.ZodType
  /** What it is in one line, for the help. */
  readonly help: string
  /** What a good value is, in words, for the refusal of a bad one. */
  readonly expected: string
  /** What stands for the value in the help; a switch has none. */
  readonly argument?: string
  readonly short?: string
  readonly default?: string | number
  /** Where it stands in the config file, by field names; under its own name where absent, nowhere where `null`. */
  readonly configPath?: readonly string[] | null
  /** Its values are never shown. */
  readonly isSecret?: boolean
}

/** Options by their names in camel case. */
export type CommandOptions = Readonly<Record<string, CommandOption>>

/** The flag of an option: `minEvidence` is `--min-evidence`. */
export const toFlag = (name: string): string =>
  `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** The environment variable of an option: `minEvidence` is `SENDBOX_MIN_EVIDENCE`. */
export const toVariable = (name: string): string =>
  `SENDBOX_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`

/** Adds options to a command of commander, which only collects their texts. */
export function addOptions(command: Command, options: CommandOptions): Command {
  for (const [name, { short, argument, help, default: value }] of Object.entries(options)) {
    const flags = [short, toFlag(name)].filter(Boolean).join(', ')
    const shown = value === undefined ? help : `${help} (default: ${value})`
    command.addOption(new Option(argument ? `${flags} ${argument}` : flags, shown))
  }
  return command
}

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
  const result = checkInput(schema, value)
  // It goes on as it is written, so that what it leaves out does not hide what another source says.
  if (result.ok) return { ok: true, value }
  const reasons = result.refusal.map(({ path, expected, received, message }) =>
    path === '' ? `expected ${expected}, received ${received}` : message,
  )
  return { ok: false, reasons }
}

function readText(text: string, option: CommandOption): ReadValue {
  if (option.kind === 'json') return readJsonText(text, option)
  const value = toValue(text, option.kind)
  const result = checkInput(option.schema, value)
  if (result.ok) return { ok: true, value }
  if (option.isSecret) return { ok: false, reasons: [`expected ${option.expected}`] }
  const hint = / \(did you mean .*\)$/.exec(result.refusal[0]?.message ?? '')?.[0] ?? ''
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

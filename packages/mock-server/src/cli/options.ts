import type { Result } from '@sendbox/schema'
import { z } from 'zod'
import { checkInput } from '../parse-input.ts'
import { parseJson } from './read-json.ts'

/** How the text of a flag or a variable becomes a value. */
type OptionKind = 'text' | 'number' | 'json' | 'switch' | 'list'

/** One option of a command: its flag, its environment variable, its key in a config file, its help. */
export interface CommandOption {
  readonly kind: OptionKind
  readonly schema: z.ZodType
  /** One line of the help. */
  readonly help: string
  /** Describes a valid value, for the error message. */
  readonly expected: string
  /** The placeholder of the value in the help; a switch has none. */
  readonly argument?: string
  readonly short?: string
  readonly default?: string | number
  /** The path of its field in the config file: its own name where absent, none where `null`. */
  readonly configPath?: readonly string[] | null
  /** Whether error messages leave out the value. */
  readonly isSecret?: boolean
}

/** The fields of an option that is a text. */
export const aText = {
  kind: 'text',
  schema: z.string().min(1),
  expected: 'a text that is not empty',
} as const

/** The fields of an option without an argument. */
export const aSwitch = { kind: 'switch', schema: z.boolean(), expected: 'true or false' } as const

/** Options by their names in camel case. */
export type CommandOptions = Readonly<Record<string, CommandOption>>

/** The flag of an option: `minEvidence` is `--min-evidence`. */
export const toFlag = (name: string): string =>
  `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** The environment variable of an option: `minEvidence` is `SENDBOX_MIN_EVIDENCE`. */
export const toVariable = (name: string): string =>
  `SENDBOX_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`

/** The values that one source gives, by the names of their options, and its problems. */
export interface OptionValues {
  readonly values: Readonly<Record<string, unknown>>
  /** One line for each bad value, which begins with its flag or variable. */
  readonly problems: readonly string[]
}

type ReadValue = Result<unknown, readonly string[]>

const switchWords: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
}

/** A text that is no number or no boolean stays a text, which the schema then refuses; a list is separated by commas. */
function toValue(text: string, kind: OptionKind): unknown {
  if (kind === 'number') return /^\d+$/.test(text) ? Number(text) : text
  if (kind === 'list') return text.split(',').map(part => part.trim())
  if (kind === 'switch') return switchWords[text.toLowerCase()] ?? text
  return text
}

/** Returns the value without defaults, which would override other sources. */
function readJsonText(text: string, { schema }: CommandOption): ReadValue {
  const json = parseJson(text)
  if (!json.ok) return { ok: false, refusal: [`expected JSON: ${json.refusal}`] }
  const result = checkInput(schema, json.value)
  if (result.ok) return json
  const reasons = result.refusal.map(({ path, expected, received, message }) =>
    path === '' ? `expected ${expected}, received ${received}` : message,
  )
  return { ok: false, refusal: reasons }
}

function readText(text: string, option: CommandOption): ReadValue {
  if (option.kind === 'json') return readJsonText(text, option)
  const value = toValue(text, option.kind)
  const result = checkInput(option.schema, value)
  if (result.ok) return { ok: true, value }
  if (option.isSecret) return { ok: false, refusal: [`expected ${option.expected}`] }
  const hint = / \(did you mean .*\)$/.exec(result.refusal[0]?.message ?? '')?.[0] ?? ''
  const received = JSON.stringify(text)
  return { ok: false, refusal: [`expected ${option.expected}, received ${received}${hint}`] }
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
    else problems.push(...read.refusal.map(reason => `${toSource(name)}: ${reason}`))
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

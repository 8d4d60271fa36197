import { type Command, Option } from 'commander'
import type { z } from 'zod'

/** How the text of a flag or a variable becomes a value. */
export type OptionKind = 'text' | 'number' | 'json' | 'switch'

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

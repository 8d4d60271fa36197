import { type Command, Option } from 'commander'
import { type CommandOptions, toFlag } from './options.ts'
import type { Terminal } from './terminal.ts'

/** The context of a command's action. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Reports the exit code. */
  readonly end: (exitCode: number) => void
}

/** Adds a command to the program: its help, its options, and its action, which imports what is slow to load. */
export type AddCommand = (program: Command, context: CommandContext) => void

/** Adds options as plain texts: their schemas are checked by `readFlags`, not by commander. */
export function addOptions(command: Command, options: CommandOptions): Command {
  for (const [name, { short, argument, help, default: value }] of Object.entries(options)) {
    const flags = [short, toFlag(name)].filter(Boolean).join(', ')
    const shown = value === undefined ? help : `${help} (default: ${value})`
    command.addOption(new Option(argument ? `${flags} ${argument}` : flags, shown))
  }
  return command
}

/**
 * The command as it is printed, to be pasted: npx finds it where it is installed, and `--no` keeps npx from a registry's `sendbox`. Without
 * `--` npx reads the name as the value of `--no`.
 */
export const pastedCommand = 'npx --no -- sendbox'

/** Formats arguments of the command and their explanations for the end of a help text. */
export function examplesOf(lines: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(lines).map(({ length }) => length))
  const shown = Object.entries(lines).map(
    ([line, what]) => `  ${pastedCommand} ${line.padEnd(width)}  ${what}`,
  )
  return `\nExamples:\n${shown.join('\n')}`
}

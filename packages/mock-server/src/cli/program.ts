import { Command } from 'commander'
import { type AddCommand, type CommandContext, examplesOf } from './command.ts'
import { addRules } from './commands/rules.ts'
import { addSchema } from './commands/schema.ts'
import { addSend } from './commands/send.ts'
import { addStart } from './commands/start.ts'
import { widthOf } from './terminal.ts'

/** The commands, in the order of the help. */
const commands: readonly AddCommand[] = [addStart, addSend, addSchema, addRules]

/** Creates the command line of `sendbox`, which writes a usage error to `stderr` and throws it as a `CommanderError`. */
export function createProgram(version: string, context: CommandContext): Command {
  const { stdout, stderr } = context.terminal
  const program = new Command('sendbox')
    .description("An offline twin of LivePerson's Send API v3.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
    })
    .addHelpText(
      'after',
      examplesOf({
        'sendbox start': 'start the mock on http://127.0.0.1:4020',
        'sendbox send "Hello"': 'send it a text, from another terminal',
        'sendbox rules LIF-2': 'explain a rule that an answer names',
        'sendbox help send': 'tell more about one command',
      }),
    )
  for (const addCommand of commands) addCommand(program, context)
  return program
}

import { Command, CommanderError } from 'commander'
import { readPackageVersion } from '../package-file.ts'
import { type AddCommand, type CommandContext, examplesOf } from './command.ts'
import { addCa } from './commands/ca.ts'
import { addCheck } from './commands/check.ts'
import { addCurl } from './commands/curl.ts'
import { addEnv } from './commands/env.ts'
import { addInit } from './commands/init.ts'
import { addOpen } from './commands/open.ts'
import { addRules } from './commands/rules.ts'
import { addRun } from './commands/run.ts'
import { addSchema } from './commands/schema.ts'
import { addSend } from './commands/send.ts'
import { addSettings } from './commands/settings.ts'
import { addStart } from './commands/start.ts'
import { addTail } from './commands/tail.ts'
import { addToken } from './commands/token.ts'
import { CommandError, escapeLines, type Terminal, widthOf } from './terminal.ts'

/** The commands, in the order of the help. */
const commands: readonly AddCommand[] = [
  addStart,
  addRun,
  addEnv,
  addOpen,
  addTail,
  addSend,
  addToken,
  addCurl,
  addInit,
  addSettings,
  addSchema,
  addRules,
  addCheck,
  addCa,
]

/** The program writes a usage error to `stderr` and throws it as a `CommanderError`. */
function createProgram(version: string, context: CommandContext): Command {
  const { stdout, stderr } = context.terminal
  const program = new Command('sendbox')
    .description("An offline twin of LivePerson's Send API v3.")
    .version(version)
    .exitOverride()
    // Options behind the command that run starts are that command's.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
    })
    .addHelpText(
      'after',
      examplesOf({
        'run -- npm test': "run a connector's tests, with the mock in place of LivePerson's hosts",
        start: 'start the mock on http://127.0.0.1:4020',
        'send "Hello"': 'send it a text, from another terminal',
        'rules LIF-2': 'explain a rule that a response names',
        'help send': 'show the help of one command',
      }),
    )
  for (const addCommand of commands) addCommand(program, context)
  return program
}

function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof CommandError)) throw error
  const { exitCode } = error
  const message = escapeLines(error.message)
  stderr.write(exitCode === 2 ? `error: ${message}\n` : `${message}\n`)
  return exitCode
}

/** Runs the `sendbox` command and resolves to its exit code: 0, 1 for a bad value or a failure, 2 for a usage error. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const end = (code: number) => {
    exitCode = code
  }
  const program = createProgram(await readPackageVersion(), { terminal, end })
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    return explain(error, terminal)
  }
  return exitCode
}

import { CommanderError } from 'commander'
import { readPackageVersion } from '../package-version.ts'
import { type CommandRunners, createProgram } from './program.ts'
import type { Terminal } from './terminal.ts'
import { CommandError } from './terminal.ts'

/** Each command is loaded once it is asked for: Express takes longer than all the rest. */
function toRunners(terminal: Terminal, end: (exitCode: number) => void): CommandRunners {
  return {
    start: async flags => {
      const { runStart } = await import('./commands/start.ts')
      end(await runStart(flags, terminal))
    },
    send: async (text, flags) => {
      const { runSend } = await import('./commands/send.ts')
      end(await runSend(text, flags, terminal))
    },
    schema: async (name, flags) => {
      const { runSchema } = await import('./commands/schema.ts')
      end(await runSchema(name, flags, terminal))
    },
    rules: async (names, flags) => {
      const { runRules } = await import('./commands/rules.ts')
      end(await runRules(names, flags, terminal))
    },
  }
}

function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof CommandError)) throw error
  const { message, exitCode } = error
  stderr.write(exitCode === 2 ? `error: ${message}\n` : `${message}\n`)
  return exitCode
}

/** Runs the `sendbox` command and answers its exit code: 0, 1 for what failed, 2 for a command line that is none. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const runners = toRunners(terminal, code => {
    exitCode = code
  })
  const program = createProgram(await readPackageVersion(), runners, terminal)
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    return explain(error, terminal)
  }
  return exitCode
}

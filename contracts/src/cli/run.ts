import { CommanderError } from 'commander'
import { type CommandRunners, createProgram } from './program.ts'
import type { Terminal } from './terminal.ts'
import { CommandError } from './terminal.ts'

/** Each command is loaded once it is asked for: the mock takes longer than all the rest. */
function toRunners(terminal: Terminal, end: (exitCode: number) => void): CommandRunners {
  return {
    verify: async flags => {
      const { runVerify } = await import('./commands/verify.ts')
      end(await runVerify(flags, terminal))
    },
    replay: async (traces, flags) => {
      const { runReplay } = await import('./commands/replay.ts')
      end(await runReplay(traces, flags, terminal))
    },
    drift: async flags => {
      const { runDrift } = await import('./commands/drift.ts')
      end(await runDrift(flags, terminal))
    },
    record: async flags => {
      const { runRecord } = await import('./commands/record.ts')
      end(await runRecord(flags, terminal))
    },
  }
}

function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof CommandError)) throw error
  stderr.write(`error: ${error.message}\n`)
  return error.exitCode
}

/** Runs the `sendbox-contracts` command and answers its exit code: 0, 1 for a broken contract, 2 for a wrong command or set-up. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const runners = toRunners(terminal, code => {
    exitCode = code
  })
  const program = createProgram(runners, terminal)
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    return explain(error, terminal)
  }
  return exitCode
}

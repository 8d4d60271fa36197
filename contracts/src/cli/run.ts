import { CommanderError } from 'commander'
import { type CommandRunners, createProgram } from './program.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** Each command is imported on demand: the mock takes longer to load than all the rest. */
const createRunners = (
  terminal: Terminal,
  setExitCode: (exitCode: number) => void,
): CommandRunners => ({
  verify: async flags => {
    const { runVerify } = await import('./commands/verify.ts')
    setExitCode(await runVerify(flags, terminal))
  },
  replay: async (traces, flags) => {
    const { runReplay } = await import('./commands/replay.ts')
    setExitCode(await runReplay(traces, flags, terminal))
  },
  drift: async flags => {
    const { runDrift } = await import('./commands/drift.ts')
    setExitCode(await runDrift(flags, terminal))
  },
  record: async flags => {
    const { runRecord } = await import('./commands/record.ts')
    setExitCode(await runRecord(flags, terminal))
  },
})

/** Runs the `sendbox-contracts` command; returns its exit code: 0, 1 for a broken contract, 2 for a wrong command line or set-up. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const runners = createRunners(terminal, code => {
    exitCode = code
  })
  const program = createProgram(runners, terminal)
  try {
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof CommandError)) throw error
    terminal.stderr.write(`error: ${error.message}\n`)
    return error.exitCode
  }
}

/** Runs the `sendbox-contracts` command in this process; `argv` excludes the program's name. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  const waitForSignal = (): Promise<void> =>
    new Promise(resolve => {
      process.on('SIGINT', () => resolve())
      process.on('SIGTERM', () => resolve())
    })
  const terminal = { folder: process.cwd(), env, stdin, stdout, stderr, waitForSignal }
  process.exitCode = await runCommand(argv, { ...terminal, now: Date.now })
}

import { CommanderError } from 'commander'
import { readPackageVersion } from '../package-version.ts'
import { createProgram } from './program.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** How the command is run. */
export interface CliOptions {
  /**
   * The folder that relative paths start from.
   * @default process.cwd()
   */
  readonly folder?: string | undefined
}

/** Runs the `sendbox` command in this process; `argv` is without the program's name. */
export async function runCli(
  argv: readonly string[],
  { folder = process.cwd() }: CliOptions = {},
): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  let isSignalled = false
  /** npm passes on a signal that its whole group has had, so repeats are expected. */
  const waitForSignal = (): Promise<void> =>
    new Promise(resolve => {
      const stop = () => {
        isSignalled = true
        resolve()
      }
      process.on('SIGINT', stop)
      process.on('SIGTERM', stop)
    })
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe, such as `head`, closed it.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const code = await runCommand(argv, { folder, env, stdin, stdout, stderr, waitForSignal })
  // Node removes its signal handlers while it winds down by itself: npm's repeat of the signal would end it with another code.
  if (isSignalled) process.exit(code)
  process.exitCode = code
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

function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof CommandError)) throw error
  const { message, exitCode } = error
  stderr.write(exitCode === 2 ? `error: ${message}\n` : `${message}\n`)
  return exitCode
}

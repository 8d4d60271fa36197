import { runCommand } from './program.ts'
import type { Terminal } from './terminal.ts'

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
  /** Node's own listener prints them. */
  const onWarning: Terminal['onWarning'] = listener =>
    void process.removeAllListeners('warning').on('warning', listener)
  const terminal = { folder, env, stdin, stdout, stderr, waitForSignal, onWarning }
  const code = await runCommand(argv, terminal)
  // Node removes its signal handlers while it winds down by itself: npm's repeat of the signal would end it with another code.
  if (isSignalled) process.exit(code)
  process.exitCode = code
}

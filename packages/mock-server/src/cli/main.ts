import { constants } from 'node:os'
import { runCommand } from './program.ts'
import type { Program, Terminal } from './terminal.ts'

/** How the command is run. */
export interface CliOptions {
  /**
   * The folder that relative paths start from.
   * @default process.cwd()
   */
  readonly folder?: string | undefined
}

/** Runs a program as this process's own, and returns its exit code as a shell does. */
async function runProgram({ command, args, env }: Program, cwd: string): Promise<number> {
  const { foregroundChild } = await import('foreground-child')
  return new Promise((resolve, reject) => {
    // The commands of npm are scripts on Windows, which only its shell finds.
    const options = { cwd, env, shell: process.platform === 'win32' }
    const child = foregroundChild(command, [...args], options, (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
      return false
    })
    child.on('error', reject)
  })
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
  const terminal: Terminal = {
    folder,
    env,
    stdin,
    stdout,
    stderr,
    waitForSignal,
    onWarning,
    runProgram: program => runProgram(program, folder),
  }
  const code = await runCommand(argv, terminal)
  // Node removes its signal handlers while it winds down by itself: npm's repeat of the signal would end it with another code.
  if (isSignalled) process.exit(code)
  process.exitCode = code
}

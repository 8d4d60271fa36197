import { runCommand } from './run.ts'

/** Runs the `sendbox-contracts` command in this process; `argv` is without the program's name. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  const waitForSignal = (): Promise<void> =>
    new Promise(resolve => {
      process.on('SIGINT', () => resolve())
      process.on('SIGTERM', () => resolve())
    })
  process.exitCode = await runCommand(argv, {
    folder: process.cwd(),
    env,
    stdin,
    stdout,
    stderr,
    waitForSignal,
    now: Date.now,
  })
}

import { readFile } from 'node:fs/promises'
import { CommanderError } from 'commander'
import { createProgram } from './program.ts'
import { CommandError, type Terminal } from './terminal.ts'

async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/** Runs the `sendbox-contracts` command; returns its exit code: 0, 1 for a broken contract, 2 for a wrong command line or set-up. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const program = createProgram(await readVersion(), terminal, code => {
    exitCode = code
  })
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

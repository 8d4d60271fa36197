import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runCommand } from '../src/cli/program.ts'
import type { Terminal } from '../src/cli/terminal.ts'

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs until it is signalled. */
export interface RunningCommand extends AsyncDisposable {
  /** The first line of standard output. */
  readonly firstLine: Promise<string>
  readonly ended: Promise<Ended>
  /** Standard output so far. */
  readonly output: () => string
  /** Resolves once standard error has a text. */
  readonly waitForError: (text: string) => Promise<void>
  signal(): void
}

interface TerminalOptions {
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Whether standard error is a terminal's, of 80 columns. */
  readonly isTerminal?: boolean
  /** @default none: commands that run one fail */
  readonly runProgram?: Terminal['runProgram']
}

/** Starts a command in this process, in a terminal of its own, whose streams are pipes unless it is asked for more. */
export function startCommand(
  argv: readonly string[],
  options: TerminalOptions = {},
): RunningCommand {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  if (options.isTerminal)
    Object.assign(stderr, {
      isTTY: true,
      columns: 80,
      getColorDepth: () => 8,
      hasColors: () => true,
    })
  const stdin = new PassThrough()
  stdin.end(options.stdin ?? '')
  let signal = () => {}
  const signalled = new Promise<void>(resolve => {
    signal = resolve
  })
  const terminal: Terminal = {
    folder: options.folder ?? '/',
    env: options.env ?? {},
    stdin,
    stdout,
    stderr,
    waitForSignal: () => signalled,
    runProgram: options.runProgram ?? (() => Promise.reject(new Error('runs no program'))),
  }
  let written = ''
  const firstLine = new Promise<string>((resolve, reject) => {
    stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      const end = written.indexOf('\n')
      if (end >= 0) resolve(written.slice(0, end))
    })
    stdout.on('end', () => reject(new Error('The command wrote no line')))
  })
  firstLine.catch(() => {})
  let logged = ''
  stderr.on('data', (chunk: Buffer) => {
    logged += chunk.toString()
  })
  const errors = text(stderr)
  const run = async (): Promise<Ended> => {
    const code = await runCommand(argv, terminal)
    stdout.end()
    stderr.end()
    return { code, stdout: written, stderr: await errors }
  }
  const ended = run()
  return {
    firstLine,
    ended,
    output: () => written,
    waitForError: async wanted => {
      while (!logged.includes(wanted)) await once(stderr, 'data')
    },
    signal,
    [Symbol.asyncDispose]: async () => {
      signal()
      await ended
    },
  }
}

/** Runs a command in this process to its end. */
export const runToEnd = (argv: readonly string[], options: TerminalOptions = {}): Promise<Ended> =>
  startCommand(argv, options).ended

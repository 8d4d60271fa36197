import { PassThrough } from 'node:stream'
import { runCommand } from '../src/cli/run.ts'

/** A command's output and its exit code. */
export interface CommandOutcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command in this process, in a folder; with `typed`, stdin is a terminal with that input. */
export async function runInTerminal(
  argv: readonly string[],
  {
    folder = '/nowhere',
    env = {},
    typed,
    signal = new Promise(() => undefined),
  }: {
    readonly folder?: string
    readonly env?: Readonly<Record<string, string>>
    readonly typed?: string
    /** Resolves as Ctrl-C comes. @default never */
    readonly signal?: Promise<void>
  } = {},
): Promise<CommandOutcome> {
  const written = { stdout: '', stderr: '' }
  const outputTo = (name: keyof typeof written) => {
    const stream = new PassThrough()
    stream.on('data', (chunk: Buffer) => {
      written[name] += chunk.toString()
    })
    return stream
  }
  const stdin = new PassThrough()
  if (typed !== undefined) stdin.end(`${typed}\n`)
  const exitCode = await runCommand(argv, {
    folder,
    env,
    stdin: Object.assign(stdin, { isTTY: typed !== undefined }),
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    waitForSignal: () => signal,
    now: () => Date.UTC(2026, 10, 24),
  })
  return { exitCode, ...written }
}

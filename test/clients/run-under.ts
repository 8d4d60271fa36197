import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { userEnv } from '../packaging/user-env.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'

const sendbox = fileURLToPath(new URL('../../packages/mock-server/bin/sendbox.js', import.meta.url))
const runPrograms = fileURLToPath(new URL('run-programs.js', import.meta.url))

/** The summary that `--json` prints. */
interface Summary {
  readonly exitCode: number
  readonly calls: Readonly<Record<string, number>>
  readonly unmatched: number
  readonly refused: readonly unknown[]
  readonly misses: readonly unknown[]
  readonly diagnostics: readonly unknown[]
}

/** A `sendbox run` and the processes below it, which are a group. */
interface Run extends AsyncDisposable {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<{
    readonly status: number | null
    readonly stdout: string
    readonly summary: Summary
  }>
}

/**
 * Starts `sendbox run --json` of this checkout with further arguments: real processes, in the environment of a user with a data folder and
 * a cache of their own.
 */
export async function startRun(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const folder = await createTemporaryFolder()
  const own = { XDG_DATA_HOME: `${folder.path}/data`, XDG_CACHE_HOME: `${folder.path}/cache` }
  const child = spawn(process.execPath, [sendbox, 'run', '--json', ...args], {
    env: { ...userEnv(), ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const toEnd = async (): ReturnType<() => Run['ended']> => {
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    const last = stderr.trimEnd().split('\n').at(-1) ?? ''
    if (!last.startsWith('{')) throw new Error(`sendbox run failed: ${stderr}`)
    return { status, stdout, summary: JSON.parse(last) as Summary }
  }
  const ended = toEnd()
  return {
    child,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended.catch(() => {})
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** How a program ended. */
interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs programs, each a command and its arguments, side by side under one `sendbox run`. */
export async function runUnderSendbox(
  programs: readonly (readonly string[])[],
): Promise<{ readonly ends: readonly Ended[]; readonly summary: Summary }> {
  await using run = await startRun([process.execPath, runPrograms, JSON.stringify(programs)])
  const { stdout, summary } = await run.ended
  return { ends: JSON.parse(stdout) as Ended[], summary }
}

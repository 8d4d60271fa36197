import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { userEnv } from '../packaging/user-env.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'

const sendbox = fileURLToPath(new URL('../../packages/mock-server/bin/sendbox.js', import.meta.url))
const runPrograms = fileURLToPath(new URL('run-programs.js', import.meta.url))

/** How a program ended. */
interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What the mock saw, as `--json` says it. */
interface Summary {
  readonly exitCode: number
  readonly calls: Readonly<Record<string, number>>
  readonly unmatched: number
  readonly diagnostics: readonly unknown[]
}

/**
 * Runs programs, each a command and its arguments, under one `sendbox run` of this checkout: real processes, in the environment of a user
 * with a data folder and a cache of their own.
 */
export async function runUnderSendbox(
  programs: readonly (readonly string[])[],
): Promise<{ readonly ends: readonly Ended[]; readonly summary: Summary }> {
  await using folder = await createTemporaryFolder()
  const { path } = folder
  const child = spawn(
    process.execPath,
    [sendbox, 'run', '--json', process.execPath, runPrograms, JSON.stringify(programs)],
    {
      env: { ...userEnv(), XDG_DATA_HOME: `${path}/data`, XDG_CACHE_HOME: `${path}/cache` },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const last = stderr.trimEnd().split('\n').at(-1) ?? ''
  if (stdout === '') throw new Error(`sendbox run failed: ${stderr}`)
  return { ends: JSON.parse(stdout) as Ended[], summary: JSON.parse(last) as Summary }
}

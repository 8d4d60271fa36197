import { spawnSync } from 'node:child_process'
import { inject } from 'vitest'
import { userEnv } from './user-env.ts'

interface Ended {
  readonly status: number | null
  /** Standard output; standard error too where it failed. */
  readonly output: string
}

function run(command: string, args: readonly string[], cwd: string): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: userEnv(),
    timeout: 60_000,
  })
  return { status, output: status === 0 ? stdout : stdout + stderr }
}

/** Runs Node on a script in the consumer's folder and waits for its end. */
export const runNode = (...args: string[]): Ended =>
  run(process.execPath, args, inject('consumerFolder'))

/** Runs a line in a folder, as it is pasted into a shell, and waits for its end. */
export const runPasted = (line: string, cwd: string): Ended => run('sh', ['-c', line], cwd)

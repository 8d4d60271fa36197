import { spawnSync } from 'node:child_process'
import { inject } from 'vitest'

/** Runs Node on a script in the consumer's folder and waits for its end. */
export function runNode(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: inject('consumerFolder'),
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, output: status === 0 ? stdout : stdout + stderr }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Each Node that is alive, beside the one that everything else is tested on, with a vitest of another major version, from the lowest that our peer range allows. */
export const otherNodes = [
  { version: '22', vitest: '3.2.0' },
  { version: '24', vitest: '4.1.0' },
  { version: '26', vitest: '5.1.0' },
] as const

const run = promisify(execFile)

/** The binary of a Node, which the npm package `node` brings. */
export async function findNode(version: string): Promise<string> {
  const { stdout } = await run('npx', ['-y', `node@${version}`, '-p', 'process.execPath'])
  return stdout.trim()
}

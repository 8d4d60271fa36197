import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('exit.ts', import.meta.url))

test('a program whose client met every fault ends by itself, long before the time of a call is over', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@sendbox/source', '--import', 'tsx', program],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), timeout: 30_000 },
  )

  expect(stdout).toBe('80 of 80 calls ended\n')
  expect(stderr).toBe('')
}, 40_000)

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/setup.js', import.meta.url))

test('setup on its own says how to go on', () => {
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([
    0,
    'Set up. npm start starts the mock, npm test runs all checks.\n',
  ])
})

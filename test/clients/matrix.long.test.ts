// Each client on each Node. Old ones have known advisories, so they are in a lockfile of this folder, which nobody installs but this test.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { findNode, otherNodes } from '../nodes/find-node.ts'
import { userEnv } from '../packaging/user-env.ts'
import { ask, currentClients, everyRequestOf, otherClients, toPrograms } from './clients.ts'

const clients = [...currentClients, ...otherClients]

beforeAll(() => {
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  execFileSync('npm', ['ci', ...flags], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: userEnv(),
    stdio: 'pipe',
  })
})

test('on this Node every client reaches the mock', async () => {
  const programs = toPrograms(clients)
  expect(await ask(programs)).toEqual(everyRequestOf(programs))
})

test.each(otherNodes)('on Node $version every client reaches the mock', async ({ version }) => {
  const programs = toPrograms(clients, await findNode(version))
  expect(await ask(programs)).toEqual(everyRequestOf(programs))
})

// Each client on each Node. Old ones have known advisories, so they are in a lockfile of this folder, which nobody installs but this test.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { findNode, otherNodes } from '../nodes/find-node.ts'
import { userEnv } from '../packaging/user-env.ts'
import { askByClients, currentClients, expectedOf, otherClients } from './clients.ts'

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
  expect(await askByClients(clients)).toEqual(expectedOf(clients))
})

test.each(otherNodes)('on Node $version every client reaches the mock', async ({ version }) => {
  const node = await findNode(version)
  expect(await askByClients(clients, node)).toEqual(expectedOf(clients))
})

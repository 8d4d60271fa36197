// The installed packages on each Node that is alive, beside the one that everything else is tested on.
import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { installIn } from '../packaging/consumer-folder.ts'
import { findCommand, startCommand } from '../packaging/start-command.ts'
import { findNode, otherNodes } from './find-node.ts'

/** How a process ended, and what it printed. */
function runIn(folder: string, node: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 100_000,
  })
  return { status, stdout, stderr }
}

/** The beginning of Node's lines on deprecated and experimental parts. */
const warning = /Warning: /

describe.each(otherNodes)('on Node $version', ({ version, vitest }) => {
  let node: string
  let folder: string

  beforeAll(async () => {
    node = await findNode(version)
    folder = await realpath(await mkdtemp(join(tmpdir(), 'sendbox-nodes-')))
    await installIn(folder, inject('installLine'), `vitest@${vitest}`)
  }, 240_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('it is that Node', () => {
    const { stdout } = runIn(folder, node, '-p', 'process.versions.node')
    expect(stdout.split('.')[0]).toBe(version)
  })

  test('the command starts, sends and stops without a warning', async () => {
    const file = await findCommand(folder, 'mock-server', 'sendbox')
    await using mock = await startCommand(file, { node, folder })
    const sent = runIn(folder, node, file, 'send', 'Hello', '--url', mock.url)
    expect(sent).toMatchObject({ status: 0, stdout: expect.stringContaining('"sequence": 0') })
    const stopped = await mock.stop()
    expect(stopped.status).toBe(0)
    expect(sent.stderr + stopped.stderr).not.toMatch(warning)
  })

  test('the mock takes no encoding that only newer versions of Node know', async () => {
    const file = await findCommand(folder, 'mock-server', 'sendbox')
    await using mock = await startCommand(file, { node, folder })
    const { accountId, consumer } = { accountId: '12345678', consumer: 'zoe' }
    const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      fetch(mock.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const signed = await post(`/__sendbox/accounts/${accountId}/tokens`, { consumer })
    const { appJwt, consumerJws } = (await signed.json()) as Record<
      'appJwt' | 'consumerJws',
      string
    >
    const refused = await post(
      `/api/account/${accountId}/messaging/consumer/conversation/send?v=3`,
      {},
      { authorization: appJwt, 'x-lp-on-behalf': consumerJws, 'content-encoding': 'zstd' },
    )
    expect([refused.status, await refused.json()]).toMatchObject([
      415,
      { body: { errorCode: 41551 } },
    ])
  })

  test.each([
    ['packages/mock-server/bin/sendbox.js', '--version'],
    ['contracts/bin/sendbox-contracts.js', '--version'],
    ['scripts/start.js', '--help'],
  ])('in a checkout %s runs the source without a warning', (file, flag) => {
    const ran = runIn(inject('checkoutFolder'), node, file, flag)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(ran.stdout).not.toBe('')
  })

  test(`an integration test runs in vitest ${vitest}`, async () => {
    const name = 'integration.test.ts'
    await copyFile(fileURLToPath(new URL(`user/${name}`, import.meta.url)), join(folder, name))
    const runner = join(folder, 'node_modules/vitest/vitest.mjs')
    const ran = runIn(folder, node, runner, 'run', '--reporter=verbose', name)
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/Tests .*2 passed/) })
    expect(ran.stderr).not.toMatch(warning)
  })

  test('the contracts are verified against the mock', async () => {
    const file = await findCommand(folder, 'contracts', 'sendbox-contracts')
    const verified = runIn(folder, node, file, 'verify', '--target', 'mock')
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(/\d\d passed/) })
    expect(verified.stderr).not.toMatch(warning)
  })
})

import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startBrokerStub } from '../../contracts/test/broker-stub.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { runContractsCommand, startContractsCommand } from './contracts-command.ts'

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const pacts = pathOf('contracts/examples/foreign-pacts/pacts')

const page = await readFile(pathOf('docs/contracts-in-ci.md'), 'utf8')

/** The arguments of each line of the page that begins with the command and a word, as a shell splits them. */
const argumentsOf = (word: string): string[][] =>
  page
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(line => line.startsWith(`npx --no -- sendbox-contracts ${word}`))
    .map(line => line.replace(/^npx --no -- sendbox-contracts /, '').replace(/ [>&].*$/, ''))
    .map(line => (line.match(/"[^"]*"|\S+/g) ?? []).map(text => text.replaceAll('"', '')))

const [ofFiles = [], ofBroker = [], ofService = []] = argumentsOf('verify')

test('the page verifies the pact files of a connector', async () => {
  await using folder = await createTemporaryFolder()
  await cp(pacts, join(folder.path, 'pacts'), { recursive: true })
  const names = ['pacts/ivr-bridge-send-api.json', 'pacts/whatsapp-bridge-send-api.json']
  const args = ofFiles.flatMap(arg => (arg === 'pacts/*.json' ? names : [arg]))
  expect(args).toHaveLength(6)
  expect(await runContractsCommand(folder.path, args)).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('5 passed, 0 failed, 0 left out.'),
  })
})

test('the page verifies the pacts of a broker, and publishes the results', async () => {
  const file = JSON.parse(
    await readFile(join(pacts, 'ivr-bridge-send-api.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>
  await using broker = await startBrokerStub([{ consumer: 'ivr-bridge', file }])
  await using folder = await createTemporaryFolder()
  const args = ofBroker.map(arg => arg.replace('$PACT_BROKER_BASE_URL', broker.url))
  const env = { PACT_BROKER_TOKEN: 'hush-token' }
  expect(await runContractsCommand(folder.path, args, env)).toMatchObject({ exitCode: 0 })
  expect(broker.written).toEqual([
    { branch: 'main', version: 'sendbox-0.1.0' },
    { consumer: 'ivr-bridge', success: true, providerApplicationVersion: 'sendbox-0.1.0' },
  ])
})

test('the page serves the mock until Ctrl-C', async () => {
  const served = argumentsOf('serve')
  expect(served).toEqual([
    ['serve', '--port', '4022'],
    ['serve', '--port', '4022'],
  ])
  await using folder = await createTemporaryFolder()
  const running = startContractsCommand(folder.path, ['serve', '--port', '0'])
  const [, statesUrl = ''] = await running.waitFor(/--state-change-url (\S+) /)
  const body = JSON.stringify({ state: 'the consumer has no open conversation' })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(statesUrl, { method: 'POST', body, headers })).status).toBe(200)
  running.interrupt()
  expect(await running.ended).toMatchObject({ exitCode: 0 })
})

test('the page asks for the credentials of a real service', async () => {
  await using folder = await createTemporaryFolder()
  const none = { SENDBOX_ACCOUNT_ID: '', SENDBOX_CLIENT_ID: '', SENDBOX_CLIENT_SECRET: '' }
  expect(ofService.slice(0, 2)).toEqual(['verify', '--target'])
  const args = ['verify', '--target', 'https://127.0.0.1:9']
  const { exitCode, output } = await runContractsCommand(folder.path, args, none)
  expect([exitCode, output]).toEqual([2, expect.stringContaining('are not set')])
})

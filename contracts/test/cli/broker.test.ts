import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startLoopbackServer } from '../../src/loopback-server.ts'
import { type StubPact, startBrokerStub } from '../broker-stub.ts'
import { type CommandOutcome, runInTerminal } from '../command-terminal.ts'

vi.setConfig({ testTimeout: 60_000 })

const foreign = fileURLToPath(new URL('../../examples/foreign-pacts/', import.meta.url))

async function readPact(path: string): Promise<StubPact> {
  const file = JSON.parse(await readFile(join(foreign, path), 'utf8')) as StubPact['file']
  return { consumer: (file['consumer'] as { readonly name: string }).name, file }
}

const whatsapp = await readPact('pacts/whatsapp-bridge-send-api.json')
const ivr = await readPact('pacts/ivr-bridge-send-api.json')
const wrong = await readPact('wrong/chat-widget-send-api.json')

const env = { PACT_BROKER_TOKEN: 'hush-token' }
const published = ['--publish', '--provider-version', 'sendbox-0.1.0']

const verify = (
  broker: { readonly url: string },
  flags: readonly string[] = [],
  options: Parameters<typeof runInTerminal>[1] = { env },
): Promise<CommandOutcome> =>
  runInTerminal(['verify', '--target', 'mock', '--broker-url', broker.url, ...flags], options)

test('verifies the pacts of a broker, and publishes what its report says', async () => {
  await using broker = await startBrokerStub([whatsapp, wrong, ivr])
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-broker-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const flags = [...published, '--provider-branch', 'feature/a b', '--report', 'junit=report.xml']
  const { exitCode, stdout, stderr } = await verify(broker, flags, { env, folder })
  expect([exitCode, stderr]).toEqual([1, ''])
  expect(stdout).toContain('passed    pact whatsapp-bridge → send-api: a text of the consumer\n')
  expect(stdout).toContain('The contracts do not hold. mock: 5 passed, 1 failed, 0 left out.')
  expect(stdout.split('\n').slice(-4)).toEqual([
    'Published: whatsapp-bridge → send-api, success',
    'Published: chat-widget → send-api, failure',
    'Published: ivr-bridge → send-api, success',
    '',
  ])
  const version = { branch: 'feature/a b', version: 'sendbox-0.1.0' }
  const result = { providerApplicationVersion: 'sendbox-0.1.0' }
  expect(broker.written).toEqual([
    version,
    { consumer: 'whatsapp-bridge', success: true, ...result },
    version,
    { consumer: 'chat-widget', success: false, ...result },
    version,
    { consumer: 'ivr-bridge', success: true, ...result },
  ])
  const report = await readFile(join(folder, 'report.xml'), 'utf8')
  expect(report).toContain('tests="6" failures="1" errors="0" skipped="0"')
})

test('publishes nothing unless it is asked to', async () => {
  await using broker = await startBrokerStub([ivr])
  expect(await verify(broker)).toMatchObject({ exitCode: 0, stderr: '' })
  expect(broker.written).toEqual([])
})

test('a failure of a pending pact is shown and published, and fails nothing', async () => {
  await using broker = await startBrokerStub([{ ...wrong, isPending: true }])
  const pending = await verify(broker, [...published, '--provider-branch', 'main'])
  expect(pending).toMatchObject({ exitCode: 0, stderr: '' })
  expect(pending.stdout).toContain('its pact is pending, and it fails\n')
  expect(pending.stdout).toContain('Expected 0 (Integer) to be equal to 1')
  expect(pending.stdout).toContain('The contracts hold. mock: 0 passed, 0 failed, 1 left out.')
  expect(broker.written).toContainEqual({
    consumer: 'chat-widget',
    success: false,
    providerApplicationVersion: 'sendbox-0.1.0',
  })
  // Without a branch no pact is pending.
  expect((await verify(broker)).exitCode).toBe(1)
})

test('a pending pact that holds is published as a success', async () => {
  await using broker = await startBrokerStub([{ ...ivr, isPending: true }])
  const { exitCode } = await verify(broker, [...published, '--provider-branch', 'main'])
  expect([exitCode, broker.written.at(-1)]).toMatchObject([0, { success: true }])
})

test('a pact of which something is left out is not published', async () => {
  const message = { description: 'a message', type: 'Asynchronous/Messages', contents: {} }
  const interactions = [...(ivr.file['interactions'] as unknown[]), message]
  await using broker = await startBrokerStub([{ ...ivr, file: { ...ivr.file, interactions } }])
  const { exitCode, stdout } = await verify(broker, published)
  expect([exitCode, broker.written]).toEqual([0, []])
  expect(stdout).toContain('Not published: ivr-bridge → send-api, of which some was left out\n')
})

test('a user name and a password authorize too', async () => {
  const authorization = `Basic ${Buffer.from('me:hush').toString('base64')}`
  await using broker = await startBrokerStub([ivr], { authorization })
  const basic = { PACT_BROKER_USERNAME: 'me', PACT_BROKER_PASSWORD: 'hush' }
  expect(await verify(broker, [], { env: basic })).toMatchObject({ exitCode: 0 })
})

test.each([
  ['a token', { PACT_BROKER_TOKEN: 'wrong-token' }, 'wrong-token'],
  ['a password', { PACT_BROKER_USERNAME: 'me', PACT_BROKER_PASSWORD: 'x:y-z' }, 'bWU6eDp5LXo='],
])('%s that the broker refuses is not shown', async (_, credentials, secret) => {
  await using broker = await startBrokerStub([ivr])
  const { exitCode, stdout, stderr } = await verify(broker, [], { env: credentials })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^error: The Pact broker answered GET \/ with 401: .*<redacted>/)
  expect(stderr).not.toContain(secret)
})

const refusing = [
  [
    'at the cut of a long text',
    { PACT_BROKER_TOKEN: 'hush-0123456789' },
    `${'x'.repeat(495)}hush-0123456789`,
  ],
  [
    'in base64',
    { PACT_BROKER_USERNAME: 'me', PACT_BROKER_PASSWORD: 'hush' },
    'no bWU6aHVzaA== here',
  ],
  [
    'in JSON',
    { PACT_BROKER_PASSWORD: 'hush"\\', PACT_BROKER_USERNAME: 'me' },
    '{"no":"hush\\"\\\\"}',
  ],
] as const

test.each(refusing)(
  'credentials that a broker echoes %s are not shown',
  async (_, secrets, text) => {
    await using broker = await startLoopbackServer(async (_request, response) => {
      response.writeHead(401)
      response.end(text)
    })
    const { exitCode, stderr } = await verify(broker, [], { env: secrets })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('with 401: ')])
    expect(stderr).not.toMatch(/hush|bWU6|xh/)
  },
)

test('a link to another host gets no credentials', async () => {
  await using other = await startBrokerStub([ivr])
  await using broker = await startBrokerStub([ivr], { origin: other.url })
  expect(await verify(broker)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: The Pact broker links to ${other.url}, which is not called\n`,
  })
})

test.each([
  ['a page in HTML', '<!doctype html><title>Log in</title>', 'expected object'],
  ['other JSON', '{"links":[]}', '_links'],
])('%s in place of the API is refused with a next step', async (_, page, problem) => {
  await using site = await startLoopbackServer(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(page)
  })
  const { exitCode, stderr } = await verify(site)
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(
    /^error: The Pact broker answered GET \/ with something else than its API has\. Check --broker-url\.\n/,
  )
  expect(stderr).toContain(problem)
})

test('a provider without pacts is refused', async () => {
  await using broker = await startBrokerStub([ivr])
  expect(await verify(broker, ['--provider', 'nobody'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('has no pact for the provider "nobody"'),
  })
})

test.each([
  ['results without a broker', ['--publish', '--provider-version', '1'], '--broker-url'],
  ['results without a version', ['--broker-url', 'http://127.0.0.1:9', '--publish'], 'version'],
  ['pacts of a file beside it', ['--broker-url', 'http://127.0.0.1:9', '--pact', 'x'], '--pact'],
  ['another URL', ['--broker-url', 'ftp://broker'], 'no http or https URL'],
  ['a password in the URL', ['--broker-url', 'http://me:hush@127.0.0.1:9'], 'PACT_BROKER_PASSWORD'],
  ['a broker that does not answer', ['--broker-url', 'http://127.0.0.1:9'], 'ECONNREFUSED'],
])('%s is refused', async (_, flags, reason) => {
  const { exitCode, stderr } = await runInTerminal(['verify', '--target', 'mock', ...flags], {
    env,
  })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(reason)
  expect(stderr).not.toContain('hush')
})

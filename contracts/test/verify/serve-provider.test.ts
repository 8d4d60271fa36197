import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isCall, readInteractions } from '../../src/pact/pact-file.ts'
import { createPactVerifier } from '../../src/verify/pact-verifier.ts'
import { runVerification } from '../../src/verify/run-verification.ts'
import { serveProvider } from '../../src/verify/serve-provider.ts'
import { runInTerminal } from '../command-terminal.ts'

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const foreign = 'examples/foreign-pacts'
const wrongPact = pathOf(`${foreign}/wrong/chat-widget-send-api.json`)
const ownPact = pathOf('pacts/sendbox-client-send-api.json')

/** Pact's own verifier, in a process of its own. */
const verifier = createPactVerifier()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sendbox-serve-'))
})

afterAll(async () => {
  await verifier[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

vi.setConfig({ testTimeout: 90_000 })

/** Writes another form of a pact file, and returns its path. */
async function writePact(name: string, from: string, change: (text: string) => string) {
  const path = join(folder, name)
  await writeFile(path, change(await readFile(from, 'utf8')))
  return path
}

const ofOneState = 'the consumer has an open conversation'

test.each<[string, 'ok' | 'failed', () => string | Promise<string>]>([
  [
    'literal ids and tokens, for another account',
    'ok',
    () => pathOf(`${foreign}/pacts/whatsapp-bridge-send-api.json`),
  ],
  ['values of the state', 'ok', () => pathOf(`${foreign}/pacts/ivr-bridge-send-api.json`)],
  ['a wrong expectation', 'failed', () => wrongPact],
  [
    'an unknown provider state',
    'failed',
    () => writePact('unknown.json', wrongPact, text => text.replace(ofOneState, 'the sun shines')),
  ],
  [
    'the calls of our own client, one after the other at one provider',
    'ok',
    () =>
      writePact('calls.json', ownPact, text => {
        const pact = JSON.parse(text) as { interactions: { type: string }[] }
        const interactions = pact.interactions.filter(({ type }) => type === 'Synchronous/HTTP')
        return JSON.stringify({ ...pact, interactions })
      }),
  ],
])('a plain verifier comes to the verdict of verify: %s', async (_, expected, findPact) => {
  const pactFile = await findPact()
  const interactions = await readInteractions(pactFile)
  expect(interactions.every(({ interaction }) => isCall(interaction))).toBe(true)
  const { items } = await runVerification({ target: 'mock', traces: [], interactions, verifier })
  const isGood = items.every(({ verdict }) => verdict === 'passed')
  expect(isGood ? 'ok' : 'failed').toBe(expected)

  await using provider = await serveProvider(0)
  const urls = { ...provider, messagesUrl: provider.url, pactFile, messages: [] }
  const { verdict, output } = await verifier.verify(urls)
  expect({ verdict, output }).toEqual({ verdict: expected, output: expect.any(String) })
  // Nothing of the first run is left for the second.
  expect((await verifier.verify(urls)).verdict).toBe(expected)
})

test('a call without a provider state meets no conversation of the call before', async () => {
  await using provider = await serveProvider(0)
  const setUp = async () => {
    const response = await fetch(provider.statesUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: ofOneState, params: { conversationId: 'conversation-7' } }),
    })
    return (await response.json()) as Record<string, string>
  }
  const send = async () => {
    const response = await fetch(
      `${provider.url}/api/account/70045911/messaging/consumer/conversation/send?v=3`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'any',
          'x-lp-on-behalf': 'any',
        },
        body: JSON.stringify({
          kind: 'req',
          id: '1',
          type: 'ms.PublishEvent',
          body: {
            dialogId: 'conversation-7',
            event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
          },
        }),
      },
    )
    return [response.status, await response.json()]
  }
  expect(await setUp()).toMatchObject({ conversationId: 'conversation-7' })
  expect(await send()).toEqual([200, { reqId: '1', code: 'OK', body: { sequence: 0 } }])
  expect(await send()).toMatchObject([404, { body: { errorCode: 40451 } }])
  await setUp()
  expect(await send()).toMatchObject([200, { body: { sequence: 0 } }])
})

test('another account than that of the state is another account, and JSON is passed on to the byte', async () => {
  await using provider = await serveProvider(0)
  const post = (url: string, body: string, headers = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  const params = { accountId: '70045911', conversationId: 'conversation-7' }
  await post(provider.statesUrl, JSON.stringify({ state: ofOneState, params }))
  const tokens = { authorization: 'any', 'x-lp-on-behalf': 'any' }
  const sendAs = (accountId: string) =>
    post(
      `${provider.url}/api/account/${accountId}/messaging/consumer/conversation/send?v=3`,
      '{ "kind":"req", "id":12345678901234567890, "type":"ms.PublishEvent", "body":{"dialogId":"conversation-7", "event":{"type":"ChatStateEvent", "chatState":"ACTIVE"}}}',
      tokens,
    )
  // The digits of an id that JSON's numbers would lose are those of the pact. Rule: RES-2.
  const sent = await sendAs('70045911')
  expect([sent.status, await sent.json()]).toMatchObject([200, { reqId: '12345678901234567890' }])
  await post(provider.statesUrl, JSON.stringify({ state: ofOneState, params }))
  expect((await sendAs('70045912')).status).toBe(401)
})

test('calls at the same time meet a mock each, one after the other', async () => {
  await using provider = await serveProvider(0)
  const url = `${provider.url}/api/account/12345678/service/baseURI.json?version=1.0`
  const responses = await Promise.all(Array.from({ length: 5 }, () => fetch(url)))
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
})

test('serve names the flags of a verifier, and stops at a signal', async () => {
  const { exitCode, stdout, stderr } = await runInTerminal(['serve', '--port', '0'], {
    signal: Promise.resolve(),
  })
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(
    /^The provider is http:\/\/127\.0\.0\.1:(\d+); Ctrl-C stops it\. .*--port \1 .*--state-change-url http:\/\/127\.0\.0\.1:\1\/__sendbox\/provider-states --state-change-teardown\n$/s,
  )
})

test.each([['x'], ['70000'], ['-1']])('serve refuses the port %s', async port => {
  expect(await runInTerminal(['serve', `--port=${port}`])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(`--port "${port}" is no port`),
  })
})

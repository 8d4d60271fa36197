import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type CallEvent, type CallPhase, callChannels } from '../../../src/index.ts'
import { createTestClock } from '../../create-test-clock.ts'
import {
  alice,
  clientSecret,
  createTestClient,
  rejectionOf,
  textRequest,
} from '../create-test-client.ts'
import { defaultAppJwt, type StubAnswer, startStubService } from '../start-stub-service.ts'

/** Records the messages of all channels while a test runs. */
function listenToChannels(): [CallPhase, CallEvent][] {
  const told: [CallPhase, CallEvent][] = []
  for (const [phase, name] of Object.entries(callChannels) as [CallPhase, string][]) {
    const listener = (event: unknown): void => void told.push([phase, event as CallEvent])
    subscribe(name, listener)
    onTestFinished(() => void unsubscribe(name, listener))
  }
  return told
}

test('the channels have the names that are documented', () => {
  expect(callChannels).toEqual({
    start: 'sendbox:client:call:start',
    retry: 'sendbox:client:call:retry',
    end: 'sendbox:client:call:end',
    error: 'sendbox:client:call:error',
  })
})

test('each call is told of from its start to its end, with its repeats', async () => {
  const told = listenToChannels()
  await using service = await startStubService()
  await using client = createTestClient(service, createTestClock())
  const answers: StubAnswer[] = [{ status: 429 }]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

  await client.send(textRequest, alice)

  const type = 'ms.PublishEvent'
  const sent = told.filter(([, { operation }]) => operation === 'send')
  expect(sent).toEqual([
    ['start', { callId: 1, operation: 'send', type, attempt: 1, durationMs: 0, status: undefined }],
    [
      'retry',
      {
        callId: 1,
        operation: 'send',
        type,
        attempt: 1,
        status: 429,
        durationMs: 0,
        waitMs: 1_000,
        error: expect.objectContaining({ code: 'API_ERROR', status: 429 }),
      },
    ],
    ['end', { callId: 1, operation: 'send', type, attempt: 2, status: 200, durationMs: 1_000 }],
  ])
  const others = told.filter(([, { operation }]) => operation !== 'send')
  expect(others.map(([phase, { operation }]) => `${operation} ${phase}`)).toEqual([
    'consumer start',
    'baseUris start',
    'baseUris end',
    'appToken start',
    'appToken end',
    'consumer end',
  ])
})

test('a call that fails is told of with its error', async () => {
  const told = listenToChannels()
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes('/send') ? { status: 503 } : undefined))

  const error = await rejectionOf(client.send(textRequest, alice))

  expect(told.at(-1)).toEqual([
    'error',
    expect.objectContaining({ attempt: 1, status: 503, error }),
  ])
})

test('nothing that is told or logged shows a token or a secret', async () => {
  const told = listenToChannels()
  const lines: string[] = []
  await using service = await startStubService()
  await using client = createTestClient(service, { log: line => lines.push(line) })
  const answers: StubAnswer[] = [
    { status: 429, body: `${defaultAppJwt} jws-of-alice` },
    { status: 500, body: `${defaultAppJwt} jws-of-alice` },
  ]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

  await rejectionOf(client.send(textRequest, alice))
  await client.conversation('c', alice).sendFile(Buffer.from('x'), { fileType: 'PNG' })

  const shown = inspect(told, { depth: 20, showHidden: true }) + lines.join('\n')
  expect(shown).toContain('ms.PublishEvent')
  expect(shown).not.toMatch(/eyJ|jws-of|aaaaaaaa/)
  expect(shown).not.toContain(clientSecret)
})

test('the debug log has a line for each thing that happens', async () => {
  const lines: string[] = []
  await using service = await startStubService()
  await using client = createTestClient(service, {
    ...createTestClock(),
    log: line => lines.push(line),
  })
  const answers: StubAnswer[] = [{ status: 429 }, { status: 400 }]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))
  await rejectionOf(client.send(textRequest, alice))

  const path = 'POST /api/account/{accountId}/messaging/consumer/conversation/send'
  expect(lines.filter(line => line.startsWith('#1 '))).toEqual([
    '#1 send ms.PublishEvent attempt 1 start',
    `#1 send ms.PublishEvent attempt 1 retry 429 after 0 ms next in 1000 ms API_ERROR: Sending ms.PublishEvent failed: ${path} answered 429. Wait at least 1 s, then repeat the call.`,
    `#1 send ms.PublishEvent attempt 2 error 400 after 1000 ms API_ERROR: Sending ms.PublishEvent failed: ${path} answered 400. Correct the request: a repeat gives the same answer.`,
  ])
})

test('what the service says cannot add lines to the debug log', async () => {
  const lines: string[] = []
  await using service = await startStubService()
  await using client = createTestClient(service, { log: line => lines.push(line) })
  const body = { title: 'a\r\nb', details: '\u001b[2Kc', errorCode: 40050 }
  service.answer(({ url }) => (url.includes('/send') ? { status: 400, body: { body } } : undefined))
  await rejectionOf(client.send(textRequest, alice))

  expect(lines.at(-1)).toContain('answered 400 (errorCode 40050): a b:  [2Kc. Correct')
})

test('a log that throws is an uncaught exception of its own and fails no call', async () => {
  const uncaught: unknown[] = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', error => uncaught.push(error))
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
  await using service = await startStubService()
  await using client = createTestClient(service, {
    log: line => {
      if (line.startsWith('#1 ')) throw new Error('disk full')
    },
  })

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)

  await expect.poll(() => uncaught).toEqual([new Error('disk full'), new Error('disk full')])
})

test('the trace context goes with every attempt of every call', async () => {
  await using service = await startStubService()
  let span = 0
  const parent = '00-0af7651916cd43dd8448eb211c80319c-'
  await using client = createTestClient(service, {
    traceContext: () => ({
      traceparent: `${parent}${String(++span).padStart(16, '0')}-01`,
      tracestate: 'vendor=1',
    }),
  })
  const answers: StubAnswer[] = [{ status: 429 }]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

  await client.send(textRequest, alice)

  expect(service.requests.map(({ headers }) => headers['traceparent'])).toEqual(
    [1, 2, 3, 4, 5].map(number => `${parent}${String(number).padStart(16, '0')}-01`),
  )
  expect(service.requests.map(({ headers }) => headers['tracestate'])).toEqual(
    Array.from({ length: 5 }, () => 'vendor=1'),
  )
})

test('a traceContext that throws fails the call with its own error, and nothing is sent', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, {
    traceContext: () => {
      throw new Error('no span')
    },
  })

  expect(await rejectionOf(client.send(textRequest, alice))).toEqual(new Error('no span'))
  expect(service.requests).toHaveLength(0)
})

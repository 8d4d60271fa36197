import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createDeferred } from '../../create-deferred.ts'
import { createTestClock } from '../../create-test-clock.ts'
import {
  alice,
  closeRequest,
  createTestClient,
  rejectionOf,
  textRequest,
  textTo,
} from '../create-test-client.ts'
import { type StubAnswer, startStubService } from '../start-stub-service.ts'

const sendPath = 'POST /api/account/{accountId}/messaging/consumer/conversation/send'

/** A stub that responds to `part` with `answer`, and a promise of the first such request. */
async function startWith(part: string, answer: StubAnswer) {
  const service = await startStubService()
  const { promise: seen, resolve } = createDeferred<void>()
  service.answer(({ url }) => {
    if (!url.includes(part)) return undefined
    resolve()
    return answer
  })
  return { service, seen, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

test.each([
  ['before', 'headers', 'no answer began in time'],
  ['midway', 'body', 'the answer stopped midway'],
] as const)(
  'a service that hangs %s the answer leaves the outcome of a message unknown',
  async (hang, phase, words) => {
    await using stub = await startWith('/send', { hang })
    await using client = createTestClient(stub.service, { headersTimeoutMs: 20 })

    expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
      name: 'TimeoutError',
      code: 'TIMEOUT',
      phase,
      isRetryable: false,
      outcomeUnknown: true,
      sent: { requestId: '1' },
      message: `Sending ms.PublishEvent failed: ${words} for ${sendPath}. Its outcome is unknown, and a repeat may act twice.`,
    })
  },
)

test('a service that hangs is asked again where that acts once', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { headersTimeoutMs: 20 })
  const answers: StubAnswer[] = [{ hang: 'before' }, { hang: 'midway' }]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

  expect(await client.send(closeRequest, alice)).toHaveProperty('code', 'OK')
  expect(service.requestsTo('/send')).toHaveLength(3)
  expect(service.requestsTo('/baseURI.json')).toHaveLength(3)
})

test('a connection that does not stand in time is an error of its own, as nothing was sent', async () => {
  // The TLS handshake never completes.
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await using client = createTestClient(
    { url: `https://127.0.0.1:${port}` },
    { connectTimeoutMs: 20, maxRetries: 0 },
  )

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    code: 'TIMEOUT',
    phase: 'connect',
    isRetryable: true,
    outcomeUnknown: false,
    message:
      'Looking up the domains failed: no connection stood in time for GET /api/account/{accountId}/service/baseURI.json. Nothing was sent: repeat the call, or raise connectTimeoutMs.',
  })
  await client.close()
  server.close()
})

test('the time of the whole call ends it while it waits for an answer', async () => {
  await using stub = await startWith('/send', { hang: 'before' })
  const clock = createTestClock()
  await using client = createTestClient(stub.service, clock)

  const sending = rejectionOf(client.send(textRequest, alice))
  await stub.seen
  clock.expire()

  expect(await sending).toMatchObject({
    code: 'TIMEOUT',
    phase: 'call',
    isRetryable: false,
    outcomeUnknown: true,
    message: `Sending ms.PublishEvent failed: the time of the whole call is over for ${sendPath}. Its outcome is unknown, and a repeat may act twice.`,
  })
})

test('the time of the whole call ends it while it waits for a token, and nothing was sent', async () => {
  await using stub = await startWith('/app/token', { hang: 'before' })
  const clock = createTestClock()
  await using client = createTestClient(stub.service, clock)

  const sending = rejectionOf(client.send(textRequest, { ...alice, timeoutMs: 70_000 }))
  await stub.seen
  clock.expire()

  expect(await sending).toMatchObject({
    code: 'TIMEOUT',
    isRetryable: true,
    outcomeUnknown: false,
  })
})

test('timeoutMs of one call ends that call only', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  const answers: StubAnswer[] = [{ hang: 'before' }]
  const seen = createDeferred<void>()
  service.answer(({ url }) => {
    if (!url.includes('/send')) return undefined
    seen.resolve()
    return answers.shift()
  })

  const late = rejectionOf(client.send(textRequest, alice))
  const inTime = client.send(textRequest, { ...alice, timeoutMs: 90_000 })
  await seen.promise
  clock.expire(60_000)

  expect(await late).toMatchObject({ code: 'TIMEOUT', phase: 'call' })
  expect(await inTime).toHaveProperty('code', 'OK')
})

test('the time of the whole call ends one that might be repeated, by whatever clock', async () => {
  await using stub = await startWith('/send', { hang: 'before' })
  const clock = createTestClock()
  await using client = createTestClient(stub.service, { ...clock, now: () => 0 })

  const closing = rejectionOf(client.send(closeRequest, alice))
  await stub.seen
  clock.expire()

  expect(await closing).toMatchObject({
    code: 'TIMEOUT',
    isRetryable: true,
    attempts: 1,
    message: `Sending cm.UpdateConversationField failed: the time of the whole call is over for ${sendPath}. Repeat the call, or raise timeoutMs.`,
  })
})

test('a signal ends a call that waits for its answer, and its connection', async () => {
  await using stub = await startWith('/send', { hang: 'before' })
  await using client = createTestClient(stub.service, { maxConnections: 1 })
  const controller = new AbortController()

  const sending = rejectionOf(client.send(textRequest, { ...alice, signal: controller.signal }))
  await stub.seen
  controller.abort(new Error('the user left'))

  expect(await sending).toMatchObject({
    name: 'AbortedError',
    code: 'ABORTED',
    isRetryable: false,
    outcomeUnknown: true,
    cause: { message: 'the user left' },
    message: `Sending ms.PublishEvent failed: its signal ended it before ${sendPath} was answered. Its outcome is unknown, and a repeat may act twice.`,
  })
  await expect.poll(() => stub.service.connections).toBe(0)
})

test('a call that is ended while it waits for a connection is never sent', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxConnections: 1 })
  await client.send(textTo('a'), alice)
  const arrived = createDeferred<void>()
  const mayAnswer = createDeferred<void>()
  service.answer(async () => {
    arrived.resolve()
    await mayAnswer.promise
    return undefined
  })
  const controller = new AbortController()
  const first = client.send(textTo('a'), alice)
  await arrived.promise
  const leaving = rejectionOf(client.send(textTo('b'), { ...alice, signal: controller.signal }))

  controller.abort()
  expect(await leaving).toMatchObject({ code: 'ABORTED', outcomeUnknown: false, attempts: 1 })
  mayAnswer.resolve()
  await Promise.all([first, client.send(textTo('c'), alice)])

  expect(service.requestsTo('/send').map(({ body }) => JSON.parse(body).body.dialogId)).toEqual([
    'a',
    'a',
    'c',
  ])
})

test('one signal serves any number of calls, and is let go of', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const warnings: Error[] = []
  const keep = (warning: Error): void => void warnings.push(warning)
  process.on('warning', keep)
  const { signal } = new AbortController()

  const names = Array.from({ length: 50 }, (_, index) => `d-${index}`)
  await Promise.all(names.map(name => client.send(textTo(name), { ...alice, signal })))
  await new Promise(setImmediate)
  process.off('warning', keep)

  expect(warnings).toEqual([])
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a signal that was aborted before the call sends nothing', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const signal = AbortSignal.abort('too late')
  expect(await rejectionOf(client.send(textRequest, { ...alice, signal }))).toMatchObject({
    code: 'ABORTED',
    cause: 'too late',
    outcomeUnknown: false,
    attempts: 0,
    message: `Sending ms.PublishEvent failed: its signal ended it before ${sendPath} was answered. Nothing was sent.`,
  })
  expect(service.requests).toHaveLength(0)
})

test('a signal ends a call that waits for its repeat', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  clock.holdWaits()
  await using client = createTestClient(service, clock)
  const controller = new AbortController()
  service.answer(({ url }) => {
    if (!url.includes('/send')) return undefined
    return { status: 429 }
  })
  const sending = rejectionOf(client.send(textRequest, { ...alice, signal: controller.signal }))
  await expect.poll(() => clock.waitsMs).toEqual([1_000])

  controller.abort()

  expect(await sending).toMatchObject({ code: 'ABORTED', outcomeUnknown: false, attempts: 2 })
  expect(clock.pending).toBe(0)
})

test('a signal ends one of those who wait for a token, and the others get it', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const arrived = createDeferred<void>()
  const mayAnswer = createDeferred<void>()
  service.answer(async ({ url }) => {
    if (!url.includes('/app/token')) return undefined
    arrived.resolve()
    await mayAnswer.promise
    return undefined
  })
  const controller = new AbortController()
  const leaving = rejectionOf(client.consumer('a').setProfile({}, { signal: controller.signal }))
  const staying = client.consumer('a').setProfile({})
  await arrived.promise

  controller.abort()
  expect(await leaving).toMatchObject({ code: 'ABORTED', outcomeUnknown: false })
  mayAnswer.resolve()
  await staying

  expect(service.requestsTo('/app/token')).toHaveLength(1)
  expect(service.requestsTo('/send')).toHaveLength(1)
})

test('where no time-out ends, calls are made all the same', async () => {
  await using service = await startStubService()
  const none = Number.POSITIVE_INFINITY
  await using client = createTestClient(service, {
    timeoutMs: none,
    headersTimeoutMs: none,
    connectTimeoutMs: none,
  })

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
})

test('a wait that is longer than timers keep does not end at once', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, { ...clock, timeoutMs: Number.POSITIVE_INFINITY })
  const controller = new AbortController()
  service.answer(({ url }) =>
    url.includes('/send') ? { status: 429, headers: { 'retry-after': '9999999' } } : undefined,
  )
  const sending = rejectionOf(client.send(textRequest, { ...alice, signal: controller.signal }))
  await expect.poll(() => clock.pendingMs).toContain(2_147_483_647)

  controller.abort()

  expect(await sending).toHaveProperty('code', 'ABORTED')
})

test.each([0, -1, Number.NaN])('a timeoutMs of %j is a RangeError', async timeoutMs => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  await expect(client.send(textRequest, { ...alice, timeoutMs })).rejects.toThrow(
    new RangeError(`timeoutMs must be over 0, received ${timeoutMs}`),
  )
  await client.close()
})

import { expect, test } from 'vitest'
import { createTestClock } from '../../create-test-clock.ts'
import {
  alice,
  closeRequest,
  createTestClient,
  rejectionOf,
  textRequest,
} from '../create-test-client.ts'
import { type StubAnswer, type StubService, startStubService } from '../start-stub-service.ts'

/** Responds to SEND with `answers` in order, then by default. */
const answerSends = (service: StubService, answers: StubAnswer[]): void =>
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

const fourOf = (answer: StubAnswer): StubAnswer[] => Array.from({ length: 4 }, () => answer)

test.each<[string, StubAnswer]>([
  ['503', { status: 503 }],
  ['a connection that is cut before the answer', { cut: 'before' }],
  ['a connection that is cut in the middle of the answer', { cut: 'midway' }],
])(
  '%s is repeated three times, 5, 10 and 15 s apart, where a repeat acts once',
  async (_, answer) => {
    await using service = await startStubService()
    const clock = createTestClock()
    await using client = createTestClient(service, clock)
    answerSends(service, fourOf(answer))

    expect(await rejectionOf(client.send(closeRequest, alice))).toMatchObject({
      isRetryable: true,
      outcomeUnknown: false,
      attempts: 4,
    })
    expect(clock.waitsMs).toEqual([5_000, 10_000, 15_000])

    answerSends(service, fourOf(answer).slice(1))
    expect(await client.send(closeRequest, alice)).toHaveProperty('code', 'OK')
  },
)

test.each<[string, StubAnswer]>([
  ['503', { status: 503 }],
  ['a connection that is cut', { cut: 'before' }],
  ['a success that is none', { status: 200, body: 'OK' }],
])('%s leaves the outcome of a message unknown, and it is never repeated', async (_, answer) => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  answerSends(service, [answer])

  const error = await rejectionOf(client.send(textRequest, alice))

  expect(error).toMatchObject({
    isRetryable: false,
    outcomeUnknown: true,
    attempts: 1,
    sent: {
      operation: 'send',
      consumer: 'alice',
      requestId: '1',
      dialogId: 'd',
      conversationId: undefined,
      sentAtMs: clock.now(),
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
    },
  })
  expect(JSON.stringify(error)).toContain('"requestId":"1"')
  expect(JSON.stringify(error)).not.toContain('Hello')
  expect(service.requestsTo('/send')).toHaveLength(1)
  expect(clock.waitsMs).toEqual([])
})

test.each<[string, StubAnswer]>([
  ['503', { status: 503 }],
  ['a connection that is cut', { cut: 'before' }],
  ['a batch without a conversation', { status: 200, body: [] }],
])('%s leaves the outcome of a new conversation unknown', async (_, answer) => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  service.answer(({ url }) => (url.includes('/conversation?') ? answer : undefined))

  const error = await rejectionOf(client.consumer('alice').openConversation())

  expect(error).toMatchObject({
    isRetryable: false,
    outcomeUnknown: true,
    sent: {
      operation: 'conversation',
      consumer: 'alice',
      requestId: '2',
      sentAtMs: clock.now(),
    },
  })
  expect(service.requestsTo('/conversation')).toHaveLength(1)
})

test('what is told of a lost message of a conversation names the conversation', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  answerSends(service, [{ status: 503 }])

  expect(await rejectionOf(client.conversation('c', alice).sendText('Hello'))).toMatchObject({
    outcomeUnknown: true,
    sent: { conversationId: 'c', dialogId: 'c' },
  })
})

test('a message whose caller accepts two of it is repeated after a lost answer', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  answerSends(service, [{ cut: 'before' }, { status: 503 }])

  const answer = await client.send(textRequest, { ...alice, retryNonIdempotent: true })

  expect(answer).toEqual({ reqId: '1', code: 'OK', body: { sequence: 0 } })
  expect(clock.waitsMs).toEqual([5_000, 10_000])
  expect(new Set(service.requestsTo('/send').map(({ body }) => body)).size).toBe(1)
})

test('a refusal after an attempt that may have acted leaves the outcome unknown', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  const sentAtMs = clock.now()
  answerSends(service, [{ cut: 'before' }, { status: 400 }])

  const error = await rejectionOf(client.send(textRequest, { ...alice, retryNonIdempotent: true }))

  expect(error).toMatchObject({
    status: 400,
    isRetryable: false,
    outcomeUnknown: true,
    sent: { requestId: '1', sentAtMs },
    message:
      'Sending ms.PublishEvent failed: POST /api/account/{accountId}/messaging/consumer/conversation/send answered 400. Correct the request: a repeat gives the same answer. An earlier attempt may have acted.',
  })
})

test('a look-up that fails after an attempt that may have acted leaves the outcome unknown', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => {
    if (url.includes('/send')) return { cut: 'before' }
    const isLater = service.requestsTo('/send').length > 0
    return isLater && url.includes('/baseURI') ? { status: 503 } : undefined
  })

  const error = await rejectionOf(client.send(textRequest, { ...alice, retryNonIdempotent: true }))

  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    outcomeUnknown: true,
    sent: { requestId: '1' },
  })
  expect(service.requestsTo('/send')).toHaveLength(1)
})

test('a new conversation whose caller accepts two of it is repeated', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const answers: StubAnswer[] = [{ status: 503 }]
  service.answer(({ url }) => (url.includes('/conversation?') ? answers.shift() : undefined))

  await client.consumer('alice').openConversation({ retryNonIdempotent: true })

  expect(service.requestsTo('/conversation')).toHaveLength(2)
})

test('429 is repeated, also for a message, after what Retry-After asks for [RES-8.2]', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  answerSends(service, [
    { status: 429, headers: { 'Retry-After': '7' } },
    { status: 429, headers: { 'Retry-After': '1' } },
    { status: 429 },
  ])

  expect(await client.send(textRequest, alice)).toHaveProperty('code', 'OK')
  expect(clock.waitsMs).toEqual([7_000, 2_000, 4_000])
})

test('a fourth 429 is an error that says how long to wait', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  answerSends(service, fourOf({ status: 429, headers: { 'Retry-After': '3' } }))

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    status: 429,
    retryAfterMs: 3_000,
    isRetryable: true,
    outcomeUnknown: false,
    attempts: 4,
    message:
      'Sending ms.PublishEvent failed: POST /api/account/{accountId}/messaging/consumer/conversation/send answered 429. Wait at least 3 s, then repeat the call.',
  })
})

test('a message is repeated where nothing of it was sent', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  await using gone = await startStubService()
  await gone[Symbol.asyncDispose]()
  const hosts = [gone.host, gone.host, service.host]
  service.answer(({ url }) =>
    url.includes('/baseURI')
      ? {
          status: 200,
          body: {
            baseURIs: ['asyncMessagingEnt', 'idp', 'sentinel'].map((name, index) => ({
              service: name,
              account: 'any',
              baseURI: index === 0 ? (hosts.shift() ?? service.host) : service.host,
            })),
          },
        }
      : undefined,
  )

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/send')).toHaveLength(1)
  expect(service.requestsTo('/baseURI.json')).toHaveLength(3)
})

test('no retries are made where maxRetries is 0', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, { ...clock, maxRetries: 0 })
  answerSends(service, [{ status: 429 }])

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    status: 429,
    attempts: 1,
  })
  expect(clock.waitsMs).toEqual([])
})

test('a wait that the call has no time for is an error at once', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  answerSends(service, [{ status: 429, headers: { 'Retry-After': '60' } }])

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    code: 'API_ERROR',
    status: 429,
    attempts: 1,
  })
  expect(clock.waitsMs).toEqual([])
})

test('a fetch of a token is repeated for those who wait, and not once more for each of them', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  await using client = createTestClient(service, clock)
  service.answer(({ url }) => (url.includes('/consumer?') ? { status: 503 } : undefined))

  const sends = ['a', 'b', 'c'].map(() => rejectionOf(client.consumer('alice').openConversation()))
  for (const error of await Promise.all(sends)) expect(error).toHaveProperty('status', 503)

  expect(service.requestsTo('/consumer')).toHaveLength(4)
  expect(clock.waitsMs).toEqual([5_000, 10_000, 15_000])
})

const closedAlready: StubAnswer = { status: 400, body: { body: { errorCode: 40054 } } }

test('a close whose repeat finds the conversation closed has succeeded [LIF-5]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  answerSends(service, [{ cut: 'before' }, closedAlready])

  await client.conversation('c', alice).close()

  expect(service.requestsTo('/send')).toHaveLength(2)
})

test('a close that finds the conversation closed at once is an error [LIF-5]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  answerSends(service, [closedAlready])

  expect(await rejectionOf(client.conversation('c', alice).close())).toMatchObject({
    errorCode: 40054,
    attempts: 1,
  })
})

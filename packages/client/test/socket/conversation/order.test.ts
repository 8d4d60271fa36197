import { expect, test } from 'vitest'
import { createDeferred } from '../../create-deferred.ts'
import { createTestClock } from '../../create-test-clock.ts'
import { alice, createTestClient, rejectionOf, textTo } from '../create-test-client.ts'
import { type StubService, startStubService } from '../start-stub-service.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const textOf = (body: string): string => JSON.parse(body).body.event.message

const textsTo = (service: StubService, dialogId: string): string[] =>
  service
    .requestsTo('/send')
    .filter(({ body }) => JSON.parse(body).body.dialogId === dialogId)
    .map(({ body }) => textOf(body))

/** Delays the responses to SEND until they are released by hand. */
function holdSends(service: StubService) {
  const gate = createDeferred<void>()
  const first = createDeferred<void>()
  service.answer(async ({ url }) => {
    if (!url.includes('/send')) return undefined
    first.resolve()
    await gate.promise
    return undefined
  })
  return { first: first.promise, release: () => gate.resolve() }
}

test('100 texts to each of four conversations arrive in the order in which they were sent', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxConnections: 8 })
  const texts = upTo(100).map(String)
  const dialogs = ['a', 'b', 'c', 'd']

  await Promise.all(
    texts.flatMap(text => dialogs.map(dialog => client.send(textTo(dialog, text), alice))),
  )

  for (const dialog of dialogs) expect(textsTo(service, dialog)).toEqual(texts)
})

test('a text waits for the one before it, also where that is repeated, and others do not', async () => {
  await using service = await startStubService()
  const clock = createTestClock()
  clock.holdWaits()
  await using client = createTestClient(service, clock)
  const refusals = [{ status: 429 }]
  service.answer(({ url, body }) =>
    url.includes('/send') && body.includes('first') ? refusals.shift() : undefined,
  )

  const first = client.send(textTo('a', 'first'), alice)
  const second = client.send(textTo('a', 'second'), alice)
  await client.send(textTo('b', 'other'), alice)
  await expect.poll(() => clock.waitsMs).toEqual([1_000])
  expect(textsTo(service, 'a')).toEqual(['first'])
  clock.passWaits()
  await Promise.all([first, second])

  expect(textsTo(service, 'a')).toEqual(['first', 'first', 'second'])
})

test('a call that fails does not stop those behind it', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url, body }) =>
    url.includes('/send') && body.includes('bad') ? { cut: 'before' } : undefined,
  )

  const results = await Promise.allSettled(
    ['good', 'bad', 'better'].map(text => client.send(textTo('a', text), alice)),
  )

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('all methods of a conversation and requests that name it share one order', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const conversation = client.conversation('c', alice)

  await Promise.all([
    conversation.sendText('1'),
    conversation.sendFile(Buffer.from('file'), { fileType: 'PNG' }),
    client.send(textTo('c', '2'), alice),
    conversation.answerSurvey('survey', '3'),
    conversation.replyToCard({ sequence: 0, text: '4', metadata: { type: 'X' } }),
    conversation.setProfile({}),
    conversation.close(),
  ])

  const kinds = service
    .requestsTo('/send')
    .map(({ body }) => JSON.parse(body))
    .map(({ type, body }) => body.event?.message ?? body.event?.status ?? type)
  expect(kinds).toMatchObject([
    '1',
    'ms.GenerateURLForUploadFile',
    { fileType: 'PNG' },
    '2',
    '3',
    'ACTION',
    '4',
    'userprofile.SetUserProfile',
    'cm.UpdateConversationField',
  ])
})

test('1,000 calls of a conversation may wait, and one more is refused with what to do', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const { first, release } = holdSends(service)
  const running = client.send(textTo('a'), alice)
  const waiting = upTo(1000).map(() => client.send(textTo('a'), alice))

  expect(await rejectionOf(client.send(textTo('a'), alice))).toMatchObject({
    name: 'QueueFullError',
    code: 'QUEUE_FULL',
    maxWaiting: 1_000,
    isRetryable: true,
    outcomeUnknown: false,
    message:
      'Sending ms.PublishEvent failed: 1000 calls of the conversation wait already, so nothing was sent. Await some of them before you send more, or raise maxWaiting.',
  })
  await first
  release()
  await client.send(textTo('b'), alice)
  await Promise.all([running, ...waiting])
  expect(textsTo(service, 'a')).toHaveLength(1_001)
})

test('a call that waits for its turn can be ended, and what was behind it moves up', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxWaiting: 2 })
  const { first, release } = holdSends(service)
  const controller = new AbortController()
  const running = client.send(textTo('a', '1'), alice)
  const leaving = rejectionOf(
    client.send(textTo('a', '2'), { ...alice, signal: controller.signal }),
  )
  const third = client.send(textTo('a', '3'), alice)
  await first

  controller.abort()
  expect(await leaving).toMatchObject({ code: 'ABORTED', outcomeUnknown: false, attempts: 0 })
  const fourth = client.send(textTo('a', '4'), alice)
  release()
  await Promise.all([running, third, fourth])

  expect(textsTo(service, 'a')).toEqual(['1', '3', '4'])
})

test('a request that waits goes out as it was when it was sent', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const request = structuredClone(textTo('a', 'before')) as {
    type: 'ms.PublishEvent'
    body: {
      dialogId: string
      event: { type: 'ContentEvent'; contentType: 'text/plain'; message: string }
    }
  }

  const sends = [client.send(textTo('a', '1'), alice), client.send(request, alice)]
  request.body.event.message = 'after'
  await Promise.all(sends)

  expect(textsTo(service, 'a')).toEqual(['1', 'before'])
})

test('no host gets more connections than maxConnections', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxConnections: 3 })

  await Promise.all(upTo(50).map(index => client.send(textTo(`d-${index}`), alice)))

  expect(service.connections).toBe(3)
})

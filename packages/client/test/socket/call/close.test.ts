import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createDeferred } from '../../create-deferred.ts'
import { createTestClock } from '../../create-test-clock.ts'
import {
  alice,
  closeRequest,
  createTestClient,
  rejectionOf,
  textTo,
} from '../create-test-client.ts'
import { type StubAnswer, startStubService } from '../start-stub-service.ts'

/** Number of open sockets and timers of this process. */
const countResources = (): Record<string, number> =>
  Object.fromEntries(
    ['TCPSocketWrap', 'TLSWrap', 'Timeout'].map(kind => [
      kind,
      process.getActiveResourcesInfo().filter(name => name === kind).length,
    ]),
  )

test('close lets the calls in flight end, those that wait included, and refuses further ones', async () => {
  await using service = await startStubService()
  const client = createTestClient(service)
  const arrived = createDeferred<void>()
  const mayAnswer = createDeferred<void>()
  service.answer(async ({ url }) => {
    if (!url.includes('/send')) return undefined
    arrived.resolve()
    await mayAnswer.promise
    return undefined
  })
  const conversation = client.conversation('a', alice)
  const sends = [conversation.sendText('1'), conversation.sendText('2')]
  await arrived.promise

  const closing = client.close()
  const calls = [
    client.send(textTo('b'), alice),
    client.consumer('alice').openConversation(),
    client.consumer('alice').setProfile({}),
    conversation.sendText('3'),
    conversation.sendFile('no-such-file'),
    conversation.downloadFile('/v1/x'),
    conversation.typing(() => 'never'),
    conversation.replyToCard({ sequence: 1, text: 'x', metadata: { type: 'X' } }),
    conversation.close(),
  ]
  for (const error of await Promise.all(calls.map(rejectionOf))) {
    expect(error).toMatchObject({ code: 'CLIENT_CLOSED', isRetryable: false })
  }
  mayAnswer.resolve()
  expect(await Promise.all(sends)).toEqual([{ sequence: 0 }, { sequence: 1 }])
  await closing
  await expect.poll(() => service.connections).toBe(0)
})

test('COMPOSING is ended also where the client closes in the middle of the work', async () => {
  await using service = await startStubService()
  const client = createTestClient(service)
  let closing: Promise<void> | undefined

  await client.conversation('a', alice).typing(() => {
    closing = client.close()
  })
  await closing

  const states = service
    .requestsTo('/send')
    .map(({ body }) => JSON.parse(body).body.event.chatState)
  expect(states).toEqual(['COMPOSING', 'ACTIVE'])
})

test.each([
  ['of its own', undefined],
  ['that was passed in', new Agent()],
])('close ends the fetch that nobody waits for any more, with a pool %s', async (_, dispatcher) => {
  await using service = await startStubService()
  const clock = createTestClock()
  const client = createTestClient(service, { ...clock, ...(dispatcher && { dispatcher }) })
  const arrived = createDeferred<void>()
  service.answer(({ url }) => {
    if (!url.includes('/app/token')) return undefined
    arrived.resolve()
    return { hang: 'before' }
  })
  const controller = new AbortController()
  const leaving = rejectionOf(client.send(textTo('a'), { ...alice, signal: controller.signal }))
  await arrived.promise
  controller.abort()
  expect(await leaving).toHaveProperty('code', 'ABORTED')

  await client.close()
  await expect.poll(() => clock.pending).toBe(0)
  expect(clock.waitsMs).toEqual([])
  await dispatcher?.close()
  await expect.poll(() => service.connections).toBe(0)
})

test('no socket, timer or rejection is left over, whatever became of the calls', async () => {
  const unhandled: unknown[] = []
  const keep = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', keep)
  onTestFinished(() => void process.off('unhandledRejection', keep))
  const before = countResources()
  const clock = createTestClock()
  {
    await using service = await startStubService()
    const client = createTestClient(service, { ...clock, headersTimeoutMs: 20 })
    const answers: StubAnswer[] = [
      { cut: 'before' },
      { cut: 'midway' },
      { hang: 'before' },
      { hang: 'midway' },
      { status: 503 },
      { status: 429 },
      { status: 200, body: 'OK' },
    ]
    service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))
    const controller = new AbortController()
    const texts = Array.from({ length: 12 }, (_, index) =>
      client.send(textTo(`d-${index % 3}`), { ...alice, signal: controller.signal }),
    )
    const outcomes = await Promise.allSettled([...texts, client.send(closeRequest, alice)])
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(
      new Set(['fulfilled', 'rejected']),
    )
    const last = rejectionOf(client.send(textTo('d'), { ...alice, signal: controller.signal }))
    controller.abort()
    expect(await last).toHaveProperty('code', 'ABORTED')

    await client.close()
    await expect.poll(() => service.connections).toBe(0)
  }
  expect(clock.pending).toBe(0)
  await expect.poll(countResources).toEqual(before)
  expect(unhandled).toEqual([])
})

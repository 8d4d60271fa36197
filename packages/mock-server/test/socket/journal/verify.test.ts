import { expect, test } from 'vitest'
import { type JournalEntry, startMockServer } from '../../../src/index.ts'
import { RequestsMissedSchema } from '../../../src/journal/expectation.ts'
import {
  type ConsumerSession,
  call,
  type ReceivedAnswer,
  startConsumerSession,
  text,
} from '../consumer-session.ts'

const post = (
  { server, accountId }: ConsumerSession,
  path: string,
  body: unknown,
): Promise<ReceivedAnswer> =>
  call(`${server.url}/__sendbox/accounts/${accountId}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

const texts = { event: 'ContentEvent' } as const

const statusAndBody = (answer: ReceivedAnswer): unknown => [answer.status, answer.json]

test('verifies over the control API what the account handle verifies', async () => {
  await using session = await startConsumerSession()
  const { requests } = session.server.account()
  await session.publish(text('one'))
  await session.publish(text('two'))
  const held = await post(session, '/verify', { match: texts, count: 2 })
  expect(statusAndBody(held)).toEqual([200, { ok: true, matched: 2, ids: [1, 2], dropped: 0 }])
  requests.verify({ match: texts, count: 2 })

  const expectation = { match: texts, shape: { body: { event: { message: 'three' } } } }
  const failed = await post(session, '/verify', expectation)
  const { message } = RequestsMissedSchema.parse(failed.json)
  expect([failed.status, message]).toEqual([
    422,
    `Expected at least 1 request to have event ContentEvent, a body like {"body":{"event":{"message":"three"}}}; 0 of 2 did.
Closest to it:
  #2 POST /api/account/12345678/messaging/consumer/conversation/send, answered 200
    /body/body/event/message: expected "three", received "two"
  #1 POST /api/account/12345678/messaging/consumer/conversation/send, answered 200
    /body/body/event/message: expected "three", received "one"`,
  ])
  expect(() => requests.verify(expectation)).toThrow(new Error(message))
})

test('fails for the window where the journal dropped what might have been meant', async () => {
  await using session = await startConsumerSession({ settings: { journal: { entries: 1 } } })
  await session.publish(text('one'))
  await session.publish(text('two'))
  expect(statusAndBody(await post(session, '/verify', { match: texts, count: 1 }))).toEqual([
    422,
    {
      ok: false,
      reason: 'window exceeded',
      message:
        'Expected exactly 1 request to have event ContentEvent; 1 of 1 did: #2. Nobody can tell: 1 older request was dropped. Raise the setting journal.entries, clear the journal before, or ask with match.after.',
      matched: 1,
      dropped: 1,
      nearMisses: [],
    },
  ])
})

test('refuses an expectation with an unknown name, or with two counts', async () => {
  await using session = await startConsumerSession()
  const { requests } = session.server.account()
  const problemsOf = async (path: string, body: unknown) => {
    const { status, json } = await post(session, path, body)
    const { problems } = json as { problems: { message: string }[] }
    return [status, ...problems.map(({ message }) => message)]
  }
  expect([
    await problemsOf('/verify', { match: { events: 'ContentEvent' } }),
    await problemsOf('/verify', { order: [{ typ: 'ms.PublishEvent' }] }),
    await problemsOf('/verify', { count: 1, atMost: 2 }),
    await problemsOf('/requests/wait', { match: {}, timeout: 5 }),
    await problemsOf('/requests/wait', { match: 1 }),
  ]).toEqual([
    [400, '/match/events: expected no such field, received "ContentEvent" (did you mean "event"?)'],
    [400, '/order/0/typ: expected no such field, received "ms.PublishEvent"'],
    [400, '/count: expected either count, or atLeast and atMost, received 1'],
    [400, '/timeout: expected no such field, received 5 (did you mean "timeoutMs"?)'],
    [400, '/match: expected object, received 1'],
  ])
  expect(() => requests.verify({ match: { event: undefined } } as never)).toThrow(
    new TypeError(
      'The expectation is not valid:\n  /match/event: expected string, received nothing',
    ),
  )
})

test('waits for requests, each wait for its own, and counts those that came before', async () => {
  await using session = await startConsumerSession()
  const { requests } = session.server.account()
  await session.publish(text('one'))
  const waits = [
    requests.waitFor({ match: texts }),
    requests.waitFor({ match: texts, count: 2 }),
    requests.waitFor(texts, { count: 3 }), // the deprecated form
    requests.waitFor({ match: { event: 'ChatStateEvent' } }),
    post(session, '/requests/wait', { match: texts, count: 3, timeoutMs: 60_000 }).then(
      ({ json }) => (json as { ok: true; requests: JournalEntry[] }).requests,
    ),
  ]
  await session.publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
  await session.publish(text('two'))
  await session.publish(text('three'))
  const found = await Promise.all(waits)
  expect(found.map(entries => entries.map(({ id }) => id))).toEqual([
    [1],
    [1, 3],
    [1, 3, 4],
    [2],
    [1, 3, 4],
  ])
})

test('waits for the requests of its own account only', async () => {
  await using session = await startConsumerSession()
  const other = session.server.account('other').requests
  const waited = other.waitFor({ match: { operation: null }, timeoutMs: 60_000 })
  await session.publish(text('one'))
  await call(`${session.server.url}/api/account/other/nowhere`)
  expect(await waited).toMatchObject([{ id: 1, path: '/api/account/other/<redacted>' }])
})

test('explains what did not come in time', async () => {
  await using session = await startConsumerSession()
  await session.publish(text('one'))
  const match = { operation: 'send', event: 'ChatStateEvent' } as const
  const answer = await post(session, '/requests/wait', { match, timeoutMs: 0 })
  const { message, ...rest } = RequestsMissedSchema.parse(answer.json)
  expect([answer.status, rest]).toEqual([
    422,
    {
      ok: false,
      reason: 'timeout',
      matched: 0,
      dropped: 0,
      nearMisses: [
        {
          id: 1,
          method: 'POST',
          path: '/api/account/12345678/messaging/consumer/conversation/send',
          status: 200,
          differences: [
            { path: '/events', expected: '"ChatStateEvent"', received: '"ContentEvent"' },
          ],
        },
      ],
    },
  ])
  expect(
    message,
  ).toBe(`Waited 0 ms. Expected at least 1 request to have operation send, event ChatStateEvent; 0 of 1 did.
Closest to it:
  #1 POST /api/account/12345678/messaging/consumer/conversation/send, answered 200
    /events: expected "ChatStateEvent", received "ContentEvent"`)
  const { requests } = session.server.account()
  await expect(requests.waitFor({ match, timeoutMs: 0 })).rejects.toThrow(new Error(message))
})

test('ends every wait when the mock closes', async () => {
  const server = await startMockServer()
  const waited = server.account().requests.waitFor({ match: texts, timeoutMs: 600_000 })
  const ended = waited.catch((error: unknown) => error)
  await server.close()
  expect(await ended).toEqual(
    new Error(
      'Waited until the mock closed. Expected at least 1 request to have event ContentEvent; 0 of 0 did.',
    ),
  )
})

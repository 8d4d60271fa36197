import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RequestExpectation } from '../../../src/journal/expectation.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { verify } from '../../../src/journal/verify.ts'
import { createJournal, recordOf, textOf } from './records.ts'

const events = ['ContentEvent', 'AcceptStatusEvent', 'ContentEvent'] as const

/** Three events of one conversation, and one of another. */
function createTalk(entries?: number): Journal {
  const journal = createJournal(entries)
  for (const event of events) journal.record(textOf('c-1', 'hi', { events: [event] }))
  journal.record(textOf('c-2', 'hello'))
  return journal
}

const messageOf = (expectation: RequestExpectation, journal = createTalk()) => {
  const verdict = verify(journal, expectation)
  return verdict.ok ? 'held' : verdict.message
}

const texts = { conversationId: 'c-1', event: 'ContentEvent' } as const

test.each<[RequestExpectation, number[]]>([
  [{}, [1, 2, 3, 4]],
  [{ match: texts }, [1, 3]],
  [{ match: texts, count: 2 }, [1, 3]],
  [{ match: texts, atLeast: 2, atMost: 2 }, [1, 3]],
  [{ match: texts, atMost: 3 }, [1, 3]],
  [{ match: { conversationId: 'c-9' }, count: 0 }, []],
  [{ match: { conversationId: 'c-9' }, atMost: 1 }, []],
  [{ match: { conversationId: 'c-1', after: 1 }, count: 2 }, [2, 3]],
  [{ shape: { body: { event: { message: 'hello' } } } }, [4]],
  [{ order: [{ event: 'AcceptStatusEvent' }, { conversationId: 'c-2' }] }, [1, 2, 3, 4]],
  [{ order: [{ event: 'ContentEvent' }, { event: 'ContentEvent' }], match: texts }, [1, 3]],
])('holds: %j', (expectation, ids) => {
  expect(verify(createTalk(), expectation)).toEqual({ ok: true, matched: ids.length, ids })
})

test('says how many there were, and what the closest ones differ in', () => {
  const match = { operation: 'send', conversationId: 'c-1', event: 'RichContentEvent' } as const
  expect(verify(createTalk(), { match })).toEqual({
    ok: false,
    reason: 'count',
    message: `Expected at least 1 request to have operation send, conversationId c-1, event RichContentEvent; 0 of 4 did.
Closest to it:
  #3 POST /send, answered 200
    /events: expected "RichContentEvent", received "ContentEvent"
  #2 POST /send, answered 200
    /events: expected "RichContentEvent", received "AcceptStatusEvent"
  #1 POST /send, answered 200
    /events: expected "RichContentEvent", received "ContentEvent"`,
    matched: 0,
    dropped: 0,
    nearMisses: [
      ['"ContentEvent"', 3],
      ['"AcceptStatusEvent"', 2],
      ['"ContentEvent"', 1],
    ].map(([received, id]) => ({
      id,
      method: 'POST',
      path: '/send',
      status: 200,
      differences: [{ path: '/events', expected: '"RichContentEvent"', received }],
    })),
  })
})

test('puts counts into words', () => {
  const tooMany = 'Expected at most 1 request to have conversationId c-1, event ContentEvent'
  expect([
    messageOf({ match: texts, atMost: 1 }),
    messageOf({ match: texts, count: 0 }),
    messageOf({ match: texts, count: 1 }).split(' to have')[0],
    messageOf({ match: texts, atLeast: 3, atMost: 4 }).split(' to have')[0],
    messageOf({ atLeast: 5 }),
    messageOf({ match: { after: 4 } }).split('\n')[0],
  ]).toEqual([
    `${tooMany}; 2 of 4 did: #1, #3.`,
    'Expected exactly 0 requests to have conversationId c-1, event ContentEvent; 2 of 4 did: #1, #3.',
    'Expected exactly 1 request',
    'Expected 3 to 4 requests',
    'Expected at least 5 requests to have any content; 4 of 4 did: #1, #2, #3, #4.',
    'Expected at least 1 request to have an id after 4; 0 of 4 did.',
  ])
})

test('points at what the body of the closest request differs in, a part or all of it', () => {
  const journal = createJournal()
  const body = { body: { event: { message: 'hi', tags: ['a', 'b'], 'a/b': 1 } } }
  journal.record(recordOf({ operation: undefined, status: 404 }))
  journal.record(textOf('c-1', 'hi', { json: JSON.stringify(body) }))
  const shape = { body: { event: { message: 'ho', tags: ['a'], 'a/b': 2, language: 'en' } } }
  expect(messageOf({ match: { operation: 'send' }, shape }, journal)).toBe(
    `Expected at least 1 request to have operation send, a body like {"body":{"event":{"message":"ho","tags":["a"],"a/b":2,"language":"en"}}}; 0 of 2 did.
Closest to it:
  #2 POST /send, answered 200
    /body/body/event/message: expected "ho", received "hi"
    /body/body/event/tags: expected ["a"], received ["a","b"]
    /body/body/event/a~1b: expected 2, received 1
    /body/body/event/language: expected "en", received nothing
  #1 POST /send, answered 404
    /operation: expected "send", received nothing
    /body: expected {"body":{"event":{"message":"ho","tags":["a"],"a/b":2,"language":"en"}}}, received nothing`,
  )
})

test('counts a request that found no operation as closer than one of another', () => {
  const journal = createJournal()
  journal.record(recordOf({ operation: undefined, status: 404, url: '/sned' }))
  journal.record(recordOf({ operation: 'appToken', url: '/token' }))
  expect(messageOf({ match: { operation: 'send' } }, journal)).toBe(
    `Expected at least 1 request to have operation send; 0 of 2 did.
Closest to it:
  #1 POST /sned, answered 404
    /operation: expected "send", received nothing
  #2 POST /token, answered 200
    /operation: expected "send", received "appToken"`,
  )
})

test('names the step of an order that did not come, and looks for it after the last one that did', () => {
  const order = [{ event: 'AcceptStatusEvent' }, { event: 'AcceptStatusEvent' }]
  expect(verify(createTalk(), { order })).toMatchObject({
    reason: 'order',
    message: `Expected a request with event AcceptStatusEvent after #2, as step 2 of 2; there was none.
Closest to it:
  #4 POST /send, answered 200
    /events: expected "AcceptStatusEvent", received "ContentEvent"
  #3 POST /send, answered 200
    /events: expected "AcceptStatusEvent", received "ContentEvent"`,
  })
  expect(messageOf({ order: [{ event: 'ContentEvent', shape: { id: '9' } }] }).split('\n')[0]).toBe(
    'Expected a request with event ContentEvent, a body like {"id":"9"}, as step 1 of 1; there was none.',
  )
})

test('says of a step that came too early which request that was', () => {
  const order = [{ event: 'AcceptStatusEvent' }, { event: 'ContentEvent', shape: { n: 1 } }]
  const journal = createJournal()
  for (const event of ['ContentEvent', 'AcceptStatusEvent'])
    journal.record(recordOf({ events: [event], json: '{"n":1}' }))
  expect(messageOf({ order }, journal).split('\n')[0]).toBe(
    'Expected a request with event ContentEvent, a body like {"n":1} after #2, as step 2 of 2; there was none: #1 came before #2.',
  )
})

const lost =
  'Nobody can tell: 2 older requests were dropped. Raise the setting journal.entries, clear the journal before, or ask with match.after.'

test('says that the window was exceeded where dropped requests could change the verdict', () => {
  const journal = createTalk(2)
  expect(verify(journal, { match: texts, atMost: 1 })).toEqual({
    ok: false,
    reason: 'window exceeded',
    message: `Expected at most 1 request to have conversationId c-1, event ContentEvent; 1 of 2 did: #3. ${lost}`,
    matched: 1,
    dropped: 2,
    nearMisses: [],
  })
  const order = [{ event: 'AcceptStatusEvent' }, { event: 'ContentEvent' }]
  expect(messageOf({ order }, journal).split('\n')[0]).toBe(
    `Expected a request with event AcceptStatusEvent, as step 1 of 2; there was none. ${lost}`,
  )
  const after = { ...texts, after: 2 }
  expect(verify(journal, { match: after, atMost: 1 })).toEqual({ ok: true, matched: 1, ids: [3] })
})

test('is sure of a verdict only where it would be the same with the dropped requests', () => {
  const isMeant = fc.array(fc.boolean(), { maxLength: 12 })
  const bound = fc.nat(6)
  const counts = fc.oneof(
    fc.record({ count: bound }),
    fc.record({ atLeast: bound }),
    fc.record({ atMost: bound }),
    fc.record({ atLeast: bound, atMost: bound }),
  )
  fc.assert(
    fc.property(isMeant, counts, fc.integer({ min: 1, max: 6 }), (all, expected, entries) => {
      const [whole, bounded] = [createJournal(), createJournal(entries)]
      for (const journal of [whole, bounded])
        for (const meant of all) journal.record(textOf(meant ? 'c-1' : 'c-2', 'hi'))
      const expectation = { match: { conversationId: 'c-1' }, ...expected }
      const verdict = verify(bounded, expectation)
      const isUnsure = !verdict.ok && verdict.reason === 'window exceeded'
      const isWrong = !isUnsure && verdict.ok !== verify(whole, expectation).ok
      expect([isWrong, isUnsure && bounded.dropped === 0]).toEqual([false, false])
    }),
    { numRuns: 500 },
  )
})

test('shows no secret of an expectation or of a near miss', () => {
  const journal = createJournal()
  const json = JSON.stringify({ client_secret: 'one-secret', token: 'its-token' })
  journal.record(textOf('c-1', 'hi', { json }))
  const shape = { client_secret: 'other-secret', token: 'my-token' }
  const verdict = JSON.stringify(verify(journal, { shape }))
  for (const secret of ['one-secret', 'other-secret', 'its-token', 'my-token'])
    expect(verdict).not.toContain(secret)
  expect(verdict).toContain('/body/client_secret')
})

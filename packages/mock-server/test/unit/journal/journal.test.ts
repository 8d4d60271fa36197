import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHeaderLines } from '../../../src/http/record-call.ts'
import { Journals } from '../../../src/journal/journal.ts'
import type { JournalRecord } from '../../../src/journal/record.ts'
import { type RequestQuery, toPredicate } from '../../../src/journal/request-match.ts'
import { Updates } from '../../../src/updates.ts'
import { createJournal, recordOf } from './records.ts'

const optional = <Value>(...values: readonly Value[]) =>
  fc.constantFrom<Value | undefined>(undefined, ...values)

const idsOf = (records: readonly { readonly id: number }[]) => records.map(({ id }) => id)

const records = fc.record({
  operation: optional('send', 'conversation'),
  conversationId: optional('c-1', 'c-2', 'c-3'),
  consumerId: optional('a', 'b'),
  extConsumerId: optional('a', 'x'),
  types: fc.array(fc.constantFrom('t-1', 't-2'), { maxLength: 3 }),
  events: fc.array(fc.constantFrom('e-1', 'e-2'), { maxLength: 3 }),
  status: optional(200, 400),
  sizeBytes: fc.constantFrom(10, 100, 400),
}) as fc.Arbitrary<Partial<JournalRecord>>

const criteria = {
  operation: fc.constantFrom('send', 'conversation', 'upload'),
  conversationId: fc.constantFrom('c-1', 'c-2', 'nowhere'),
  consumer: fc.constantFrom('a', 'b', 'x'),
  type: fc.constantFrom('t-1', 't-2'),
  event: fc.constantFrom('e-1', 'e-2'),
  status: fc.constantFrom(200, 400, 500),
}

/** At most two criteria, as hardly any record meets more. */
const queries = fc
  .tuple(
    fc.record(criteria),
    fc.subarray(Object.keys(criteria), { maxLength: 2 }),
    fc.record({ after: fc.nat(40), limit: fc.integer({ min: 1, max: 6 }) }, { requiredKeys: [] }),
  )
  .map(([values, names, page]) => ({
    ...Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))),
    ...page,
  })) as fc.Arbitrary<RequestQuery>

type Step =
  | { readonly record: Partial<JournalRecord> }
  | { readonly query: RequestQuery }
  | { readonly clear: true }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ record: records }), weight: 8 },
    { arbitrary: fc.record({ query: queries }), weight: 3 },
    { arbitrary: fc.constant({ clear: true as const }), weight: 1 },
  ),
  { maxLength: 80, size: 'max' },
)

/** The records that a journal has to find, by a filter of an array. */
function findSlowly(kept: readonly JournalRecord[], { limit, ...match }: RequestQuery) {
  const found = kept.filter(toPredicate(match))
  if (limit === undefined) return found
  return match.after === undefined ? found.slice(-limit) : found.slice(0, limit)
}

/** Applies the steps to a journal and to an array, and returns the results of both. */
function compare(plan: readonly Step[], entries: number, maxBytes: number) {
  const journal = createJournal(entries, maxBytes)
  const bytesOf = () => kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const seen: unknown[] = []
  const expected: unknown[] = []
  let kept: JournalRecord[] = []
  let recorded = 0
  for (const step of plan) {
    if ('record' in step) {
      const record = recordOf(step.record)
      journal.record(record)
      recorded += 1
      kept = entries === 0 ? [] : [...kept, record].slice(-entries)
      while (kept.length > 1 && bytesOf() > maxBytes) kept = kept.slice(1)
    } else if ('query' in step) {
      seen.push(idsOf(journal.select(step.query)))
      expected.push(idsOf(findSlowly(kept, step.query)))
    } else {
      seen.push(journal.clear())
      expected.push(kept.length)
      kept = []
      recorded = 0
    }
    seen.push([journal.length, journal.dropped])
    expected.push([kept.length, recorded - kept.length])
  }
  return { seen, expected }
}

test('finds what a filter finds, and counts what it evicted, whatever came, went and was cleared', () => {
  fc.assert(
    fc.property(steps, fc.nat(12), fc.constantFrom(300, 10_000), (plan, entries, maxBytes) => {
      const { seen, expected } = compare(plan, entries, maxBytes)
      expect(seen).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('counts what was dropped after an id, and not what was cleared, and starts anew after a reset', () => {
  const journal = createJournal(2)
  for (let count = 0; count < 5; count += 1) journal.record(recordOf())
  expect([0, 1, 2, 3, 4, 9].map(id => journal.droppedAfter(id))).toEqual([3, 2, 1, 0, 0, 0])
  journal.clear()
  journal.record(recordOf())
  expect([journal.dropped, idsOf(journal.select({}))]).toEqual([0, [6]])
  journal.reset()
  journal.record(recordOf())
  expect([journal.dropped, idsOf(journal.select({}))]).toEqual([0, [1]])
  for (let count = 0; count < 2; count += 1) journal.record(recordOf())
  expect([journal.dropped, idsOf(journal.select({}))]).toEqual([1, [2, 3]])
})

test('keeps the newest record, however large it is, and drops what is older', () => {
  const journal = createJournal(10, 500)
  for (const sizeBytes of [100, 300, 900]) journal.record(recordOf({ sizeBytes }))
  expect([idsOf(journal.select({})), journal.dropped]).toEqual([[3], 2])
  journal.record(recordOf({ sizeBytes: 100 }))
  expect([idsOf(journal.select({})), journal.dropped]).toEqual([[4], 3])
})

/** Journals of some accounts, whose calls are recorded and published as HTTP does. */
function createPublished(entries: number) {
  const updates = new Updates()
  const journals = new Journals({
    entries,
    totalBytes: Number.POSITIVE_INFINITY,
    secretsOf: () => [],
    subscribe: listener => updates.subscribe('call', listener),
  })
  const record = (accountId: string, given: Partial<JournalRecord> = {}): void => {
    const recorded = recordOf(given)
    journals.of(accountId).record(recorded)
    void updates.publish('call', { accountId, record: recorded })
  }
  return { journals, record }
}

test('waits for records that match, also for those that it does not retain', async () => {
  const { journals, record } = createPublished(0)
  const waiting = journals
    .of('1')
    .waitFor({ conversationId: 'c-1' }, { count: 2, timeoutMs: 60_000 })
  for (const conversationId of ['c-1', 'c-2', 'c-1', 'c-1']) record('1', { conversationId })
  const { end, found } = await waiting
  expect([end, idsOf(found)]).toEqual(['met', [1, 3]])
})

test('waits for records of its own account only, until it is closed', async () => {
  const { journals, record } = createPublished(10)
  record('1')
  const waiting = journals.of('1').waitFor({}, { count: 3, timeoutMs: 60_000 })
  for (const accountId of ['1', '2']) record(accountId)
  journals.close()
  expect(await waiting).toMatchObject({ end: 'closed', found: [{ id: 1 }, { id: 2 }] })
})

test('keeps no value of a header that authorises, in whatever case its name is', () => {
  const names = ['authorization', 'Proxy-Authorization', 'X-LP-ON-BEHALF', 'x-api-key', 'COOKIE']
  const rawHeaders = [...names, 'X-Own'].flatMap(name => [name, 'value'])
  expect(toHeaderLines(rawHeaders)).toBe(
    [...names.flatMap(name => [name, '']), 'X-Own', 'value'].join('\n'),
  )
  expect(rawHeaders[1]).toBe('value')
})

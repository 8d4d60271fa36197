import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Fifo } from '../../../src/fifo.ts'
import { Journals } from '../../../src/journal/journal.ts'
import { JournalBudget } from '../../../src/journal/journal-budget.ts'
import { recordOf } from './records.ts'

const createJournals = (totalBytes: number, entries = 1000) =>
  new Journals({ entries, totalBytes, secretsOf: () => [], subscribe: () => () => {} })

const idsOf = (journals: Journals, accountId: string) =>
  journals
    .peek(accountId)
    .select({})
    .map(({ id }) => id)

test('evicts the oldest requests of all accounts beyond the common budget, and counts them', () => {
  const journals = createJournals(300)
  for (const accountId of ['a', 'b', 'b', 'a', 'b'])
    journals.of(accountId).record(recordOf({ sizeBytes: 100 }))
  expect([idsOf(journals, 'a'), journals.of('a').dropped]).toEqual([[2], 1])
  expect([idsOf(journals, 'b'), journals.of('b').dropped]).toEqual([[2, 3], 1])
  journals.of('c').record(recordOf({ sizeBytes: 1000 }))
  expect([idsOf(journals, 'a'), idsOf(journals, 'b'), idsOf(journals, 'c')]).toEqual([[], [], [1]])
})

const step = fc.record({
  accountId: fc.constantFrom('a', 'b', 'c'),
  action: fc.constantFrom('record', 'record', 'record', 'clear', 'reset'),
  sizeBytes: fc.integer({ min: 1, max: 100 }),
})

test('has the records that a list of all of them, shortened at its front, would have', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), steps => {
      const journals = createJournals(500, 6)
      let model: { accountId: string; time: number; sizeBytes: number }[] = []
      for (const [time, { accountId, action, sizeBytes }] of steps.entries()) {
        if (action === 'record') {
          journals.of(accountId).record(recordOf({ time, sizeBytes }))
          model.push({ accountId, time, sizeBytes })
          while (model.reduce((sum, one) => sum + one.sizeBytes, 0) > 500) model.shift()
          const own = model.filter(one => one.accountId === accountId)
          if (own.length > 6) model.splice(model.indexOf(own[0] as (typeof own)[0]), 1)
        } else {
          if (action === 'clear') journals.of(accountId).clear()
          else journals.reset(accountId)
          model = model.filter(one => one.accountId !== accountId)
        }
        for (const id of ['a', 'b', 'c'])
          expect(
            journals
              .peek(id)
              .select({})
              .map(record => record.time),
          ).toEqual(model.filter(one => one.accountId === id).map(one => one.time))
      }
    }),
  )
})

test('forgets the order of records that are gone, in constant time for each', () => {
  using copies = vi.spyOn(Fifo.prototype, 'toArray')
  const [quiet, busy] = [{ evictOldest: () => 0 }, { evictOldest: () => 0 }]
  const budget = new JournalBudget()
  budget.add(quiet, 1)
  for (let index = 0; index < 10_000; index += 1) {
    budget.add(busy, 1)
    budget.remove(busy, 1)
  }
  expect(budget.bytes).toBe(1)
  const sizes = copies.mock.results.map(({ value }) => (value as unknown[]).length)
  expect(Math.max(...sizes)).toBeLessThan(10)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(50_000)
})

test('evicts nothing for a record that its journal has removed', () => {
  const evicted = { a: 0, b: 0 }
  const toJournal = (name: 'a' | 'b') => ({
    evictOldest: () => {
      evicted[name] += 1
      return 10
    },
  })
  const [a, b] = [toJournal('a'), toJournal('b')]
  const budget = new JournalBudget(30)
  for (const journal of [a, b, b]) budget.add(journal, 10)
  budget.remove(a, 10)
  for (const journal of [b, b]) budget.add(journal, 10)
  expect([evicted, budget.bytes]).toEqual([{ a: 0, b: 1 }, 30])
})

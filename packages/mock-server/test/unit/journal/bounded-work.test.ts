import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { verify } from '../../../src/journal/verify.ts'
import { createJournal, textOf } from './records.ts'

const mebibyte = 1_048_576

test('near misses compare the newest 4 MiB of bodies', () => {
  const journal = createJournal(1000, 64 * mebibyte)
  for (let index = 0; index < 50; index += 1)
    journal.record(textOf('c', String(index), { sizeBytes: mebibyte }))
  const shape = { body: { event: { message: 'wanted' } } }
  using parse = vi.spyOn(JSON, 'parse')
  const verdict = verify(journal, { match: { conversationId: 'other' }, shape })
  expect(!verdict.ok && verdict.nearMisses.map(({ id }) => id)).toEqual([50, 49, 48])
  expect(parse.mock.calls.length).toBeLessThan(10)
  const near = { match: { conversationId: 'other' }, shape: { body: { event: { message: '0' } } } }
  const missed = verify(journal, near)
  expect(!missed.ok && missed.nearMisses.map(({ id }) => id)).not.toContain(1)
})

test('a near miss is shown even if it alone has more', () => {
  const journal = createJournal(1000, 64 * mebibyte)
  journal.record(textOf('c', 'x', { sizeBytes: 8 * mebibyte }))
  const verdict = verify(journal, { match: { conversationId: 'other' } })
  expect(!verdict.ok && verdict.nearMisses).toHaveLength(1)
})

test('a list of many bytes lets other work come in between, and is that of one turn', async () => {
  const journal = createJournal(1000, 64 * mebibyte)
  for (let index = 0; index < 64; index += 1)
    journal.record(textOf('c', String(index), { sizeBytes: 131_072 }))
  let turns = 0
  const listing = new AbortController()
  const countTurns = async (): Promise<void> => {
    while (!listing.signal.aborted) {
      turns += 1
      await nextTurn()
    }
  }
  const counting = countTurns()
  const listed = await journal.listInTurns({ conversationId: 'c' })
  listing.abort()
  await counting
  expect(listed).toEqual(journal.list({ conversationId: 'c' }))
  expect(turns).toBeGreaterThan(15)
})

import { createProblem } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { Journals } from '../../../src/journal/journal.ts'
import { recordOf } from './records.ts'

const createJournals = (): Journals =>
  new Journals({
    entries: 2,
    totalBytes: 1_000_000,
    secretsOf: () => [],
    subscribe: () => () => {},
  })

const problemOf = (rule: 'PUB-5.1' | 'WH-13') =>
  createProblem({ path: [], expected: 'another', received: 1, rule })

test('counts each rule of a request once, those of most requests first, own rules left out', () => {
  const journal = createJournals().of('1')
  journal.record(recordOf({ rules: ['EP-1', 'RES-1', 'EP-1'], problems: [problemOf('PUB-5.1')] }))
  journal.record(
    recordOf({
      rules: ['RES-1', 'RES-9'],
      diagnostics: [problemOf('PUB-5.1'), problemOf('PUB-5.1'), problemOf('WH-13')],
    }),
  )
  journal.record(recordOf({ rules: ['RES-1'] }))
  expect(journal.rules).toEqual([
    { id: 'RES-1', count: 3 },
    { id: 'PUB-5.1', count: 2 },
    { id: 'EP-1', count: 1 },
  ])
})

test('counts also what was evicted and cleared, until a reset', () => {
  const journals = createJournals()
  const journal = journals.of('1')
  for (let index = 0; index < 5; index += 1) journal.record(recordOf({ rules: ['EP-1'] }))
  journal.clear()
  expect([journal.length, journal.rules]).toEqual([0, [{ id: 'EP-1', count: 5 }]])
  journals.reset('1')
  expect(journals.peek('1').rules).toEqual([])
})

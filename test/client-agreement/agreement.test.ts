import { expect, test } from 'vitest'
import { checkAgreement, mixOfFaults } from './agreement.ts'

test('10,000 texts in 100 conversations, some of them lost, are in the mock as the client reported', async () => {
  const { counts, acted, differences } = await checkAgreement({
    sends: 10_000,
    conversations: 100,
    seed: 'agreement',
    faults: mixOfFaults,
  })

  expect(differences).toEqual([])
  expect(counts.sent + counts.failed + counts.unknown).toBe(10_000)
  expect(counts.unknown).toBeGreaterThan(0)
  expect(acted).not.toContain(0)
}, 60_000)

test('texts that are refused until the client gives up are reported as failed, and are nowhere', async () => {
  const { counts, acted, differences } = await checkAgreement({
    sends: 1_000,
    conversations: 20,
    seed: 'refusals',
    faults: [
      ...mixOfFaults,
      { match: { operation: 'send' }, action: { status: 429 }, probability: 0.5 },
      { match: { operation: 'send' }, action: { status: 401 }, probability: 0.1 },
      { match: { operation: 'send' }, action: { truncate: true }, probability: 0.1 },
      { match: { operation: 'send' }, action: { malformed: true }, probability: 0.1 },
    ],
  })

  expect(differences).toEqual([])
  expect(counts.failed).toBeGreaterThan(0)
  expect(counts.unknown).toBeGreaterThan(0)
  expect(counts.sent).toBeGreaterThan(0)
  expect(acted).not.toContain(0)
})

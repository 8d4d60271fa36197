import { evidenceLevels } from '@sendbox/schema'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MockEvent, writeEvent } from '../../../src/events/event.ts'

const text = fc.string({ unit: 'binary' })
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const origin = { accountId: fc.option(text), at: number }

const call = fc.record({
  ...origin,
  requestId: fc.nat(),
  operation: fc.constantFrom('send', null),
  method: text,
  path: text,
  status: optional(fc.nat()),
  consumer: optional(text),
  conversationId: optional(text),
  sequence: optional(fc.nat()),
  problem: optional(text),
  rule: optional(text),
  evidence: optional(fc.constantFrom(...evidenceLevels)),
  faultId: optional(text),
  durationMs: optional(number),
})

const conversation = fc.record({
  ...origin,
  conversationId: text,
  dialogId: optional(text),
  change: text,
  sequence: optional(fc.nat()),
})

test.each([
  ['call', call],
  ['conversation', conversation],
] as const)('the data of a %s is written as JSON.stringify writes it', (kind, arbitrary) => {
  fc.assert(
    fc.property(arbitrary as fc.Arbitrary<object>, data => {
      expect(writeEvent(kind, data as MockEvent['data'])).toBe(JSON.stringify(data))
    }),
    { numRuns: 1000 },
  )
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraries } from '../../../src/arbitraries.ts'
import { ConversationBatchSchema, SendRequestSchema } from '../../../src/index.ts'
import { findingsIn } from '../../../src/parse/schema-walk.ts'
import { hasFindings } from '../../../src/parse/warnings.ts'

test.each([
  ['SendRequest', SendRequestSchema],
  ['ConversationBatch', ConversationBatchSchema],
] as const)('says of any valid %s whether the walk would find something', (name, schema) => {
  const seen = { found: 0, nothing: 0 }
  const values: fc.Arbitrary<unknown> = arbitraries[name]
  fc.assert(
    fc.property(values, value => {
      const [finding] = findingsIn(schema, value)
      expect(hasFindings(schema, value)).toBe(finding !== undefined)
      seen[finding ? 'found' : 'nothing'] += 1
    }),
    { seed: 1, numRuns: 2000 },
  )
  expect(Math.min(seen.found, seen.nothing)).toBeGreaterThan(0)
})

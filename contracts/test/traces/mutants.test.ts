import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Mutant } from '../../src/mutants/mutant.ts'
import { mutants } from '../../src/mutants/mutants.ts'
import {
  mutationFloor,
  toMutationReport,
  toMutationScore,
} from '../../src/mutants/mutation-report.ts'
import { type AnyMutant, type MutantVerdict, runMutant } from '../../src/mutants/run-mutants.ts'
import { readTraces } from '../../src/traces/read-traces.ts'

const traces = await readTraces()
const atOnce = 8
const report = fileURLToPath(new URL('../../mutation-report.md', import.meta.url))

/** Several at a time: a notification that does not come is waited for. */
async function runAll(all: readonly AnyMutant[]): Promise<MutantVerdict[]> {
  const verdicts: MutantVerdict[] = []
  for (let start = 0; start < all.length; start += atOnce) {
    const some = all.slice(start, start + atOnce)
    verdicts.push(...(await Promise.all(some.map(mutant => runMutant(mutant, traces)))))
  }
  return verdicts
}

test('the contracts notice at least 95 % of the mutants, and say which and where', async () => {
  const verdicts = await runAll(mutants)
  await expect(toMutationReport(verdicts)).toMatchFileSnapshot(report)
  expect(verdicts.length).toBeGreaterThanOrEqual(50)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(toMutationScore(verdicts)).toBeGreaterThanOrEqual(mutationFloor)
}, 120_000)

test('a wrapper that changes nothing is noticed by no trace, and counts as a survivor', async () => {
  const harmless: Mutant = { name: 'is right', rules: ['SEQ-1'], create: () => call => call.pass() }
  const verdict = await runMutant(harmless, traces)
  expect(verdict).toEqual({ mutant: 'is right', rules: ['SEQ-1'] })
  expect(toMutationScore([verdict])).toBe(0)
  expect(toMutationReport([verdict])).toContain('| is right | SEQ-1 | **survived** |  |')
})

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Trace } from '../../src/traces/trace.ts'
import { readTraces } from '../../src/traces/trace.ts'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import {
  type AnyMutant,
  type MutantVerdict,
  minScore,
  runMutant,
  toMutationReport,
  toMutationScore,
} from './run-mutants.ts'
import type { WebhookMutant } from './webhook-mutant.ts'

const traces = await readTraces()
const maxConcurrency = 8
const report = fileURLToPath(new URL('../../mutation-report.md', import.meta.url))

/** Runs several mutants concurrently: most of their time is spent waiting for notifications. */
async function runAll(all: readonly AnyMutant[]): Promise<MutantVerdict[]> {
  const verdicts: MutantVerdict[] = []
  const left = all.entries()
  const runSome = async (): Promise<void> => {
    for (const [index, mutant] of left) verdicts[index] = await runMutant(mutant, traces)
  }
  await Promise.all(Array.from({ length: maxConcurrency }, runSome))
  return verdicts
}

test('the contracts notice at least 95 % of the mutants, and say which and where', async () => {
  const verdicts = await runAll(mutants)
  await expect(toMutationReport(verdicts)).toMatchFileSnapshot(report)
  expect(verdicts.length).toBeGreaterThanOrEqual(50)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(toMutationScore(verdicts)).toBeGreaterThanOrEqual(minScore)
}, 120_000)

test('webhooks that are right are noticed by no trace', async () => {
  const harmless: WebhookMutant = {
    name: 'is right',
    rules: ['WH-3'],
    deliver:
      () =>
      ({ forward }) =>
        forward(),
  }
  expect(await runMutant(harmless, traces)).toEqual({ mutant: 'is right', rules: ['WH-3'] })
})

test('a trace that fails without the help of the mutant does not kill it', async () => {
  const harmless: Mutant = {
    name: 'is right',
    rules: ['SEQ-1'],
    create: () => call => call.forward(),
  }
  const written = JSON.stringify(traces.find(({ name }) => name === 'plain-conversation'))
  const wrong = JSON.parse(written.replace('"sequence":0', '"sequence":7')) as Trace
  expect(await runMutant(harmless, [wrong])).toEqual({ mutant: 'is right', rules: ['SEQ-1'] })
  const late: Mutant = { ...harmless, create: () => () => Promise.resolve({ status: 503 }) }
  expect(await runMutant(late, [wrong])).toMatchObject({ killedBy: 'trace plain-conversation' })
})

test('a wrapper that changes nothing is noticed by no trace, and counts as a survivor', async () => {
  const harmless: Mutant = {
    name: 'is right',
    rules: ['SEQ-1'],
    create: () => call => call.forward(),
  }
  const verdict = await runMutant(harmless, traces)
  expect(verdict).toEqual({ mutant: 'is right', rules: ['SEQ-1'] })
  expect(toMutationScore([verdict])).toBe(0)
  expect(toMutationReport([verdict])).toContain('| is right | SEQ-1 | **survived** |  |')
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceLevels, ruleById } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { readTrace, readTraces } from '../../src/traces/trace.ts'
import { checkNoTokens } from '../gates/pact-gates.ts'

const traces = await readTraces()

test('each step says the weakest evidence among its rules', () => {
  const steps = traces.flatMap(({ name, steps: inner }) =>
    inner.map((step, index) => ({ at: `${name} ${index + 1}`, ...step })),
  )
  const weakest = (rules: readonly string[]) =>
    evidenceLevels.findLast(
      level =>
        level !== 'own' && rules.some(rule => ruleById.get(rule as never)?.evidence === level),
    ) ?? 'own'
  expect(steps.length).toBeGreaterThan(100)
  expect(steps.map(({ at, evidence }) => [at, evidence])).toEqual(
    steps.map(({ at, rules }) => [at, weakest(rules)]),
  )
})

test('no trace holds a token', () => {
  expect(traces.flatMap(trace => checkNoTokens(JSON.stringify(trace)))).toEqual([])
})

test.each([
  ['an unknown rule', { rules: ['no-rule'] }, /no rule of @sendbox\/schema/],
  ['an unknown operation', { operation: 'transmit' }, /operation/],
  ['no answer', { answer: undefined }, /answer/],
  ['a misspelt field', { consumre: 'x' }, /consumre/],
])('refuses a trace with %s, by file and field', async (_, change, message) => {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-trace-'))
  try {
    const step = traces.find(({ name }) => name === 'plain-conversation')?.steps[1]
    const file = join(folder, 'broken.json')
    const trace = { format: 'sendbox-trace', version: 1, name: 'broken', title: 't' }
    await writeFile(file, JSON.stringify({ ...trace, steps: [step] }))
    expect((await readTrace(file)).steps).toHaveLength(1)
    await writeFile(file, JSON.stringify({ ...trace, steps: [{ ...step, ...change }] }))
    await expect(readTrace(file)).rejects.toThrow(message)
    await expect(readTrace(file)).rejects.toThrow(file)
  } finally {
    await rm(folder, { recursive: true })
  }
})

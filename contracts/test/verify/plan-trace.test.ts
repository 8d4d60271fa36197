import { expect, test } from 'vitest'
import type { Capability } from '../../src/traces/trace.ts'
import { readTraces } from '../../src/traces/trace.ts'
import { planTrace } from '../../src/verify/plan-trace.ts'

const traces = await readTraces()
const service = { capabilities: ['wire' as Capability], variables: { accountId: '1', run: 'r' } }

const planOf = (name: string, target = service) => {
  const trace = traces.find(known => known.name === name)
  if (trace === undefined) throw new Error(`There is no trace ${name}`)
  return planTrace(trace, target)
}

test('steps that only show what the control API sees are left out, and the others keep their numbers', () => {
  expect(planOf('chat-state')).toMatchObject({
    runs: true,
    stepIndexes: [0, 1, 2, 4, 6, 7, 8, 9, 10],
  })
})

test('a trace whose later steps need what was shown is left out as a whole', () => {
  const settings = 'it needs settings of the account (survey: true)'
  expect(planOf('survey-by-consumer')).toEqual({
    runs: false,
    reason: `later steps need what only the control API of the mock shows; ${settings}`,
  })
})

test('what needs an agent is left out, and says so', () => {
  expect(planOf('shared-sequences')).toEqual({ runs: false, reason: "it needs an agent's hand" })
})

test('a target that offers everything runs every step', () => {
  const capabilities: Capability[] = [
    'wire',
    'agent',
    'control',
    'webhooks',
    'settings',
    'foreignTokens',
  ]
  for (const trace of traces)
    expect(planTrace(trace, { ...service, capabilities })).toMatchObject({ runs: true, trace })
})

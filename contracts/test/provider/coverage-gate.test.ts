import { fileURLToPath } from 'node:url'
import { operations } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { declaredInteractions } from '../../src/pact/interactions.ts'
import { readPactFile } from '../../src/pact/pact-file.ts'
import { readTraces } from '../../src/traces/trace.ts'
import { checkOperations, checkRules, ruleExceptions } from '../gates/coverage-gate.ts'

const traces = await readTraces()
const pact = await readPactFile(
  fileURLToPath(new URL('../../pacts/sendbox-client-send-api.json', import.meta.url)),
)
const coverage = { interactions: declaredInteractions, traces, exceptions: ruleExceptions }

test('every rule has an interaction or a trace, or a reason why it has none', () => {
  expect(checkRules(coverage)).toEqual([])
})

test('the rule gate fails on a rule without an interaction, a trace or a reason', () => {
  const { 'SEQ-5': _, ...exceptions } = ruleExceptions
  expect(checkRules({ ...coverage, exceptions })).toEqual([
    'Rule SEQ-5 has neither an interaction nor a trace, nor a reason for that',
  ])
  const shown = checkRules({ ...coverage, traces: [], interactions: [] })
  expect(shown).toContain(
    'Rule SEQ-1 has neither an interaction nor a trace, nor a reason for that',
  )
})

test('the rule gate fails on an exception that is unknown, needless or without a reason', () => {
  const exceptions = { ...ruleExceptions, 'SEQ-5': '', 'SEQ-1': 'none', 'no rule': 'none' }
  expect(checkRules({ ...coverage, exceptions })).toEqual([
    'Rule no rule is excepted, but there is none',
    'Rule SEQ-1 is excepted, but has an interaction or a trace',
    'Rule SEQ-5 is excepted without a reason',
  ])
})

test('every operation has an interaction or a trace', () => {
  expect(checkOperations(pact, traces)).toEqual([])
})

test('the operation gate fails on an operation that nothing calls', () => {
  const none = { ...pact, interactions: [] }
  expect(checkOperations(none, [])).toEqual(
    Object.keys(operations).map(id => `Operation ${id} has neither an interaction nor a trace`),
  )
  expect(checkOperations(pact, [])).toEqual([
    'Operation baseUri has neither an interaction nor a trace',
    'Operation agentLogin has neither an interaction nor a trace',
    'Operation appInstalls has neither an interaction nor a trace',
    'Operation appInstall has neither an interaction nor a trace',
    'Operation replaceAppInstall has neither an interaction nor a trace',
    'Operation deleteAppInstall has neither an interaction nor a trace',
  ])
})

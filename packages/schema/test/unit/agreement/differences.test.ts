import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextConstraints } from '../../../scripts/json-schema-page/context-constraints.ts'
import {
  type Difference,
  defaultDifferences,
  optionDifferences,
} from '../../../scripts/json-schema-page/differences.ts'
import { toJsonSchemaPage } from '../../../scripts/json-schema-page/page.ts'
import { arbitraries } from '../../../src/arbitraries.ts'
import { refusalsOf, verdictsOn } from './verdicts.ts'

/** Whether a path is at or below the place that a row names; in a batch the index of the request may stand before it. */
const isAt = (path: string, pointer: string): boolean =>
  new RegExp(`^(?:/\\d+)?${pointer.replaceAll('*', '[^/]+')}(?:/|$)`).test(path)

const toExamples = (differences: readonly Difference[]) =>
  differences.flatMap(difference =>
    difference.examples.map(
      (example, index) =>
        [difference.rule, difference.constraint, index, { ...difference, ...example }] as const,
    ),
  )

test.each(toExamples([...defaultDifferences, ...optionDifferences]))(
  'a listed difference occurs: %s, %s, example %i',
  (rule, _, _index, { schemas: [name], pointer, value, isAccepted, options }) => {
    expect(verdictsOn(name, value, options)).toEqual({
      parser: isAccepted,
      jsonSchema: [!isAccepted, !isAccepted],
    })
    const refusals = refusalsOf(name, value, isAccepted ? {} : options)
    expect(refusals.length).toBeGreaterThan(0)
    expect(refusals.filter(({ path }) => !isAt(path, pointer))).toEqual([])
    const family = rule.replace(/\.\d+$/, '')
    expect(refusals.map(refusal => refusal.rule.replace(/\.\d+$/, ''))).toContain(family)
  },
)

test.each(defaultDifferences)(
  'a value that shows a default difference counts as one: $rule',
  ({ examples, mayDiffer, schemas: [name] }) => {
    for (const { value } of examples) expect(mayDiffer(value)).toBe(true)
    const usual = fc.sample<unknown>(arbitraries[name], { seed: 1, numRuns: 100 })
    expect(usual.filter(mayDiffer)).toEqual([])
  },
)

/** The rules of the listed differences of strict mode for a schema. */
const strictRules = (name: 'SendRequest' | 'ConversationBatch'): string[] =>
  optionDifferences
    .filter(
      ({ schemas, examples }) => schemas.includes(name) && examples[0]?.options?.mode === 'strict',
    )
    .map(({ rule }) => rule)

test.each(['SendRequest', 'ConversationBatch'] as const)(
  'strict mode refuses a generated %s for the listed rules only, and for each of them',
  name => {
    const values = fc.sample<unknown>(arbitraries[name], { seed: 1, numRuns: 800 })
    const accepted = values.filter(value => refusalsOf(name, value).length === 0)
    const refusals = accepted.flatMap(value => refusalsOf(name, value, { mode: 'strict' }))
    expect(new Set(refusals.map(({ rule }) => rule))).toEqual(new Set(strictRules(name)))
  },
)

test.each(contextConstraints)(
  'the parser and the JSON Schema accept what only the service can refuse: $rule, $constraint',
  ({ schemas, pointer, example }) => {
    expect(verdictsOn(schemas[0], example)).toEqual({ parser: true, jsonSchema: [true, true] })
    expect(pointer).toMatch(/^(?:\/[\w*]+)*$/)
  },
)

test('a row of the page has its schemas, place, constraint, rule and reason', () => {
  const row = {
    schemas: ['Sde', 'Metadata'],
    constraint: 'a|b',
    rule: 'REQ-2',
    reason: 'none',
  } as const
  const page = toJsonSchemaPage({
    byDefault: [{ ...row, pointer: '/id', examples: [] }],
    withOptions: [],
    inContext: [{ ...row, pointer: '', example: null }],
  })
  expect(page).toContain(
    '| Sde, Metadata | `/id` | a\\|b | [REQ-2](rules.md#REQ-2) | none |\n\n## With another mode',
  )
  expect(page).toContain('| Sde, Metadata | the whole value | a\\|b |')
})

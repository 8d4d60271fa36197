import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { callFaultActions, FaultActionSchema } from '../../../src/faults/call-fault.ts'
import { namesOf } from '../../../src/faults/fault.ts'
import { parseMagicValue } from '../../../src/http/find-fault.ts'
import { startMockServer } from '../../../src/index.ts'
import { call } from '../consumer-session.ts'

const docs = await readFile(new URL('../../../../../docs/faults.md', import.meta.url), 'utf8')

const matchesOf = (pattern: RegExp): string[] =>
  [...docs.matchAll(pattern)].map(([, text = '']) => text)

/** The cells of the rows that begin with code, of the section under a heading. */
function rowsOfSection(heading: string): string[][] {
  const section = docs.split(/^## /m).find(text => text.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map(cell => cell.trim()),
  )
}

const codesOf = (text = ''): string[] =>
  [...text.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code)

const actionNames = namesOf(callFaultActions).filter(
  name => callFaultActions[name].phase !== 'parameter',
)

test('each example of docs/faults.md is taken, and each action has one', async () => {
  await using server = await startMockServer()
  const examples = [...matchesOf(/`(\{"[^`]*)`/g), ...matchesOf(/-d '(.*)'/g)]
  expect(examples).toHaveLength(19)
  const url = `${server.url}/__sendbox/accounts/12345678/faults`
  const headers = { 'Content-Type': 'application/json' }
  for (const body of examples) {
    const { status, json } = await call(url, { method: 'POST', headers, body })
    expect([body, status, json]).toMatchObject([body, 201, JSON.parse(body)])
  }
  const actions = server
    .account()
    .faults.list()
    .map(({ action }) => Object.keys(action))
  expect(new Set(actions.flat())).toEqual(new Set(Object.keys(FaultActionSchema.shape)))
})

test('the table of actions in docs/faults.md follows from the table in the code', () => {
  const values = { delayMs: 1, status: 503, body: 'x', headers: {} }
  const exampleOf = (name: string) => ({ [name]: true, ...values })[name]
  const isValid = (...names: readonly string[]) =>
    FaultActionSchema.safeParse(Object.fromEntries(names.map(name => [name, exampleOf(name)])))
      .success
  const processed = { before: 'yes', instead: 'no', after: 'yes', parameter: '' }
  const expected = actionNames.map(name => {
    const others = namesOf(callFaultActions).filter(other => other !== name && isValid(name, other))
    const isProcessed = processed[callFaultActions[name].phase]
    return [
      name,
      name === 'applyTwice' ? 'twice' : isProcessed,
      others.length === actionNames.length - 1 ? 'everything' : others,
    ]
  })
  const documented = rowsOfSection('Actions').map(([action, , isProcessed, , combines = '']) => [
    codesOf(action)[0],
    isProcessed,
    combines === 'everything' ? combines : codesOf(combines),
  ])
  expect(documented).toEqual(expected)
})

test('the magic values of docs/faults.md are those of the table in the code', () => {
  const rows = rowsOfSection('Magic values').map(([value, action]) =>
    [value, action].flatMap(codesOf),
  )
  const parsed = rows.map(([value = '']) => {
    const fault = parseMagicValue(value)
    return [fault?.faultId, ...Object.keys(fault?.action ?? {})]
  })
  expect(rows).toEqual(parsed)
  expect(rows.map(([, action]) => action)).toEqual(
    actionNames.filter(name => 'magic' in callFaultActions[name]),
  )
})

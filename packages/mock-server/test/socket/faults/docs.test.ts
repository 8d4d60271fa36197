import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { FaultActionSchema } from '../../../src/faults/call-fault.ts'
import { parseMagicValue } from '../../../src/http/find-fault.ts'
import { startMockServer } from '../../../src/index.ts'
import { call } from '../consumer-session.ts'

const docs = await readFile(new URL('../../../../../docs/faults.md', import.meta.url), 'utf8')

const matchesOf = (pattern: RegExp): string[] =>
  [...docs.matchAll(pattern)].map(([, text = '']) => text)

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

test('each magic value of docs/faults.md is one', () => {
  const values = matchesOf(/^\| `(sendbox:[^`]*)`/gm)
  expect(values).toHaveLength(8)
  expect(values.map(value => parseMagicValue(value)?.faultId)).toEqual(values)
})

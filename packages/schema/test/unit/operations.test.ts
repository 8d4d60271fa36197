import { expect, test } from 'vitest'
import { errorCatalogue, operations, ruleById, rules, toPath } from '../../src/index.ts'

test('fills a path template with percent-encoded segments', () => {
  expect(toPath(operations.send.path, { accountId: 'a/b c' })).toBe(
    '/api/account/a%2Fb%20c/messaging/consumer/conversation/send',
  )
  expect(() => toPath(operations.send.path, {})).toThrow(
    new TypeError(`${operations.send.path} needs the parameter "accountId"`),
  )
})

test('lists each rule once, in an order and with a text, and a source where one is claimed', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  expect(ruleById.size).toBe(rules.length)
  for (const { id, text } of rules) {
    expect(id).toMatch(/^(EP|AUTH|REQ|PUB|UPD|PRO|CON|URL|RES|SEQ|CS|LIF|WH)-\d+[a-z]?(\.\d)?$/)
    expect(text.length).toBeGreaterThan(10)
  }
})

test('never lists a split rule beside its parts', () => {
  const ids = new Set<string>(rules.map(({ id }) => id))
  const parents = [...ids].filter(id => id.includes('.')).map(id => id.split('.')[0] ?? '')
  expect(parents.filter(id => ids.has(id))).toEqual([])
})

test('numbers each error by its status and two digits', () => {
  for (const [code, { status }] of Object.entries(errorCatalogue))
    expect(Math.floor(Number(code) / 100)).toBe(status)
})

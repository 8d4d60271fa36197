import { expect, test } from 'vitest'
import { parseMagicValue } from '../../../src/http/find-fault.ts'

test.each([
  ['sendbox:status=503', { status: 503 }],
  ['sendbox:status=400', { status: 400 }],
  ['sendbox:reset', { reset: true }],
  ['sendbox:hang', { hang: true }],
  ['sendbox:truncate', { truncate: true }],
  ['sendbox:malformed', { malformed: true }],
  ['sendbox:lose-answer', { loseAnswer: true }],
  ['sendbox:apply-twice', { applyTwice: true }],
])('reads %s, also amid other words', (value, action) => {
  const fault = { faultId: value, action, delayMs: 0 }
  expect(parseMagicValue(value)).toEqual(fault)
  expect(parseMagicValue(`Hello (${value}), and sendbox:delay=1`)).toEqual(fault)
})

test('reads a delay in ms', () => {
  const fault = { faultId: 'sendbox:delay=1500', action: { delayMs: 1500 }, delayMs: 1500 }
  expect(parseMagicValue('sendbox:delay=1500')).toEqual(fault)
})

test.each([
  '',
  'sendbox',
  'sendbox:',
  'sendbox:explode',
  'sendbox:status=200',
  'sendbox:status=5031',
  'sendbox:status',
  'sendbox:delay=1234567',
  'sendbox:resets',
  'sendbox:reset-all',
  'my-sendbox:reset',
  'Sendbox:reset',
])('takes %j for a text like any other', text => {
  expect(parseMagicValue(text)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { type Bindings, fillPattern, matchPattern } from '../../src/traces/match-pattern.ts'

const match = (pattern: unknown, value: unknown, bindings: Bindings = new Map()) =>
  matchPattern(pattern, value, bindings)

test('an object may have more fields than its pattern, an array may not', () => {
  expect(match({ a: 1 }, { a: 1, b: 2 })).toEqual([])
  expect(match([1], [1, 2])).toEqual([{ path: '', expected: 'an array of 1', received: '[1,2]' }])
})

test.each([
  ['a missing field', { a: { b: 1 } }, { a: {} }, '/a/b', '1', 'nothing'],
  ['another value', { a: 1 }, { a: '1' }, '/a', '1', '"1"'],
  ['another item', [1, 2], [1, 3], '/1', '2', '3'],
  ['another type', { $type: 'integer' }, 1.5, '', 'any integer', '1.5'],
  ['a text that does not match', { $text: '^a' }, 'b', '', 'a text that matches ^a', '"b"'],
  ['a field that should not be there', { a: { $absent: true } }, { a: 1 }, '/a', 'nothing', '1'],
  ['no object', { a: 1 }, null, '', 'an object', 'null'],
  [
    'an inherited field',
    { toString: { $type: 'string' } },
    {},
    '/toString',
    'any string',
    'nothing',
  ],
  ['no value for a variable', { a: { $: 'x' } }, {}, '/a', 'a value for $x', 'nothing'],
])('names %s by its JSON Pointer', (_, pattern, value, path, expected, received) => {
  expect(match(pattern, value)).toEqual([{ path, expected, received }])
})

test('a sum takes what its variables stand for', () => {
  const pattern = [{ $: 'start' }, { $sum: [{ $: 'start' }, 600] }]
  expect(match(pattern, [1000, 1600])).toEqual([])
  expect(match(pattern, [1000, 1601])).toEqual([
    { path: '/1', expected: 'the sum 1600', received: '1601' },
  ])
})

test('a variable is bound where it is met first, and equal from then on', () => {
  const bindings: Bindings = new Map()
  expect(match([{ $: 'id' }, { $: 'id' }], ['a', 'a'], bindings)).toEqual([])
  expect(match({ $: 'id' }, 'b', bindings)).toEqual([
    { path: '', expected: '$id = "a"', received: '"b"' },
  ])
  expect(fillPattern({ x: [{ $: 'id' }] }, bindings)).toEqual({ x: ['a'] })
  expect(() => fillPattern({ $: 'other' }, bindings)).toThrow(
    'The variable $other is used before it is bound',
  )
})

test('the parts of a token are read, and several patterns hold at once', () => {
  const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  const token = `${part({ alg: 'RS256' })}.${part({ exp: 1 })}.signature`
  const pattern = { $all: [{ $: 'token' }, { $jwt: { header: { alg: 'RS256' } } }] }
  const bindings: Bindings = new Map()
  expect(match(pattern, token, bindings)).toEqual([])
  expect(bindings.get('token')).toBe(token)
  expect(match({ $jwt: { claims: { exp: 2 } } }, token)).toEqual([
    { path: '/claims/exp', expected: '2', received: '1' },
  ])
  expect(match({ $jwt: { claims: {} } }, 'opaque')).toEqual([
    { path: '', expected: 'an object', received: 'nothing' },
  ])
})

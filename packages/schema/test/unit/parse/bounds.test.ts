import { expect, test } from 'vitest'
import { findExceededBound } from '../../../src/index.ts'

const bounds = { depth: 3, values: 10 }
const listOf = (length: number): number[] => Array.from({ length }, () => 1)

test.each([
  ['a text', 'x', undefined],
  ['null', null, undefined],
  ['as many values as allowed', listOf(9), undefined],
  ['an array with one value more', listOf(10), 'values'],
  ['the same in an object', { a: listOf(9) }, 'values'],
  ['many fields', Object.fromEntries(listOf(10).map((_, index) => [`f${index}`, 1])), 'values'],
  ['values of several arrays together', [listOf(4), listOf(4)], 'values'],
  ['as many levels as allowed', [[[]]], undefined],
  ['one level more', [[[[]]]], 'depth'],
  ['one level more of objects', { a: { a: { a: {} } } }, 'depth'],
  ['levels before values', [[[[]]], ...listOf(6)], 'depth'],
] as const)('%s: %j exceeds %s', (_, value, exceeded) => {
  expect(findExceededBound(value, bounds)).toBe(exceeded)
})

test('a long array is not visited', () => {
  const visited: PropertyKey[] = []
  const long = new Proxy(listOf(1_000_000), {
    get(target, key, receiver) {
      visited.push(key)
      return Reflect.get(target, key, receiver) as unknown
    },
    ownKeys() {
      throw new Error('visited')
    },
  })
  expect(findExceededBound({ long }, bounds)).toBe('values')
  expect(visited).toEqual(['length'])
})

test('a tree of short arrays is visited as far as the bound', () => {
  let visits = 0
  const leaf = (): unknown =>
    new Proxy([], {
      ownKeys: () => {
        visits += 1
        return ['length']
      },
    })
  const tree = Array.from({ length: 100 }, () => Array.from({ length: 100 }, leaf))
  expect(findExceededBound(tree, { depth: 3, values: 1000 })).toBe('values')
  expect(visits).toBeGreaterThan(500)
  expect(visits).toBeLessThanOrEqual(1000)
})

test('a value that is deeper than the stack is visited too', () => {
  const deep: unknown = JSON.parse('['.repeat(40_000) + ']'.repeat(40_000))
  const unlimited = Number.POSITIVE_INFINITY
  expect(findExceededBound(deep, { depth: unlimited, values: 40_000 })).toBeUndefined()
  expect(findExceededBound(deep, { depth: unlimited, values: 39_999 })).toBe('values')
  expect(findExceededBound(deep, { depth: 39_999, values: 40_000 })).toBe('depth')
})

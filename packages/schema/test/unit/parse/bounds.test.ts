import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createBoundsReader, findExceededBound } from '../../../src/index.ts'

const bounds = { depth: 3, values: 10 }
const unlimited = Number.POSITIVE_INFINITY
const listOf = (length: number): number[] => Array.from({ length }, () => 1)

test.each([
  ['a text', 'x', undefined],
  ['null', null, undefined],
  ['as many values as allowed', listOf(9), undefined],
  ['an array with one value more', listOf(10), 'values'],
  ['the same in an object', { a: listOf(9) }, 'values'],
  ['many fields', Object.fromEntries(listOf(10).map((_, index) => [`f${index}`, 1])), 'values'],
  ['values of several arrays together', [listOf(4), listOf(4)], 'values'],
  ['empty containers', [[], {}, [], {}, [], {}, [], {}, []], undefined],
  ['one of them more', [[], {}, [], {}, [], {}, [], {}, [], {}], 'values'],
  ['as many levels as allowed', [[[]]], undefined],
  ['one level more', [[[[]]]], 'depth'],
  ['one level more of objects', { a: { a: { a: {} } } }, 'depth'],
  ['levels before values', [[[[]]], ...listOf(6)], 'depth'],
  ['brackets and commas in a text', '[[[[[[,,,,,,,,,,,,', undefined],
  ['quotes and backslashes in texts', ['"[[[[', '\\', '\\"', '[[[[,,,,,,,,,,,,'], undefined],
  ['levels behind a text that ends with a backslash', ['\\', [[[]]]], 'depth'],
] as const)('%s: %j exceeds %s', (_, value, exceeded) => {
  expect(findExceededBound(JSON.stringify(value), bounds)).toBe(exceeded)
  expect(findExceededBound(JSON.stringify(value, null, 2), bounds)).toBe(exceeded)
})

const countValues = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, element) => sum + countValues(element), 1)
    : 1

const countLevels = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(countLevels))
    : 0

test('counts the values and levels of any JSON as a walk of the parsed value does', () => {
  const json = fc.oneof(fc.json({ maxDepth: 6 }), fc.json({ stringUnit: 'binary' }))
  fc.assert(
    fc.property(json, text => {
      const value: unknown = JSON.parse(text)
      const [values, depth] = [countValues(value), countLevels(value)]
      expect(findExceededBound(text, { depth, values })).toBeUndefined()
      expect(findExceededBound(text, { depth, values: values - 1 })).toBe('values')
      const shallow = { depth: depth - 1, values: unlimited }
      expect(findExceededBound(text, shallow)).toBe(depth > 0 ? 'depth' : undefined)
    }),
  )
})

test('reads no further than the bound', () => {
  using read = vi.spyOn(String.prototype, 'charCodeAt')
  expect(findExceededBound('[1'.padEnd(10_000, ',1'), bounds)).toBe('values')
  expect(read.mock.calls.length).toBeLessThan(30)
  read.mockClear()
  expect(findExceededBound('['.repeat(10_000), bounds)).toBe('depth')
  expect(read.mock.calls.length).toBeLessThan(30)
})

test('reads a text of backslashes and quotes only a few times', () => {
  using read = vi.spyOn(String.prototype, 'charCodeAt')
  const text = JSON.stringify('\\"'.repeat(2000))
  expect(findExceededBound(text, bounds)).toBeUndefined()
  expect(read.mock.calls.length).toBeLessThan(2 * text.length)
})

test('reads what is no JSON to its end', () => {
  for (const text of ['', '"', '"\\"', '[1,"', ']]]', 'x'])
    expect(findExceededBound(text, { depth: 1, values: 3 })).toBeUndefined()
})

test('reads a text in parts, wherever it is cut, as it reads the whole', () => {
  const json = fc.oneof(fc.json({ maxDepth: 6 }), fc.json({ stringUnit: 'binary' }))
  const cuts = fc.array(fc.nat(), { maxLength: 5 })
  fc.assert(
    fc.property(json, cuts, fc.nat(12), (text, places, values) => {
      const latin = Buffer.from(text).toString('latin1')
      const ends = [...places.map(place => place % (latin.length + 1)), latin.length].toSorted(
        (one, other) => one - other,
      )
      const read = createBoundsReader({ depth: 2, values })
      const found = ends.map((end, index) => read(latin.slice(ends[index - 1] ?? 0, end)))
      expect(found.find(exceeded => exceeded !== undefined)).toBe(
        findExceededBound(text, { depth: 2, values }),
      )
    }),
    { numRuns: 1000 },
  )
})

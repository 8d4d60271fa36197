import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { boundedArray, boundedRecord } from '../../src/index.ts'

const many = 100_000

/** A schema that counts the values that it sees. */
function counting() {
  const see = vi.fn<(value: unknown) => boolean>(value => typeof value === 'string')
  return { see, schema: z.custom<string>(see) }
}

const listOf = <Value>(length: number, value: Value): Value[] => Array.from({ length }, () => value)

const recordOf = (values: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(values.map((value, index) => [`name${index}`, value]))

test.each([
  ['an array', boundedArray, (values: readonly unknown[]) => values],
  ['a record', boundedRecord, recordOf],
] as const)('reads 100 elements of %s that is wrong throughout', (_, bounded, toValue) => {
  const { see, schema } = counting()
  const { error } = bounded(schema).safeParse(toValue(listOf(many, 1)))
  expect(error?.issues).toHaveLength(100)
  expect(see).toHaveBeenCalledTimes(100)
})

test('ends behind the hundredth problem, wherever it is', () => {
  const { see, schema } = counting()
  const values = listOf<unknown>(many, 'right').map((value, index) => (index % 50 ? value : 1))
  const { error } = boundedArray(schema).safeParse(values)
  expect(error?.issues.map(({ path }) => path)).toEqual(
    Array.from({ length: 100 }, (_, index) => [index * 50]),
  )
  expect(see.mock.calls.length).toBeLessThan(5100)
})

test('reads no further in lists that are in each other', () => {
  const { see, schema } = counting()
  const lists = boundedRecord(boundedArray(z.object({ inner: boundedArray(schema) })))
  const { error } = lists.safeParse({ a: listOf(many, { inner: listOf(1000, 1) }), b: [] })
  expect(error?.issues[0]?.path).toEqual(['a', 0, 'inner', 0])
  expect(see.mock.calls.length).toBeLessThan(20_000)
})

test('reads as zod does what has less than 100 problems', () => {
  const element = z.object({ a: z.int().default(1) }).or(z.string().min(1))
  const value = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.record({ a: fc.oneof(fc.integer(), fc.string()) }),
  )
  const pairs: readonly [z.ZodType, z.ZodType, fc.Arbitrary<unknown>][] = [
    [boundedArray(element), z.array(element), fc.array(value, { maxLength: 99 })],
    [
      boundedArray(element).min(3).readonly(),
      z.array(element).min(3).readonly(),
      fc.array(value, { maxLength: 9 }),
    ],
    [boundedRecord(element), z.record(z.string(), element), fc.dictionary(fc.string(), value)],
    [boundedArray(element), z.array(element), fc.json().map(text => JSON.parse(text) as unknown)],
    [
      boundedRecord(element),
      z.record(z.string(), element),
      fc.json().map(text => JSON.parse(text) as unknown),
    ],
  ]
  for (const [bounded, plain, values] of pairs)
    fc.assert(
      fc.property(values, given => {
        expect(bounded.safeParse(given)).toEqual(plain.safeParse(given))
      }),
    )
})

test('reads a long list whole that has nothing wrong, and checks it after that', () => {
  const element = z.string().transform(text => text.length)
  const texts = Array.from({ length: 1234 }, (_, index) => 'x'.repeat(index % 7))
  expect(boundedArray(element).max(1234).parse(texts)).toEqual(texts.map(({ length }) => length))
  expect(boundedArray(element).max(1233).safeParse(texts).success).toBe(false)
  const record = Object.fromEntries(texts.map((text, index) => [`name${index}`, text]))
  expect(Object.values(boundedRecord(element).parse(record))).toEqual(
    texts.map(({ length }) => length),
  )
})

test('has the JSON Schema of a list', () => {
  const element = z.string()
  expect(z.toJSONSchema(boundedArray(element).min(1))).toEqual(
    z.toJSONSchema(z.array(element).min(1)),
  )
  expect(z.toJSONSchema(boundedRecord(element))).toEqual(
    z.toJSONSchema(z.record(z.string(), element)),
  )
})

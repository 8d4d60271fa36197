import fc from 'fast-check'
import type { Constraints } from './constraints.ts'

/** Any JSON value, without −0, which JSON text cannot carry. */
export const jsonValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 2 })
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)

const usualLength = 12
const longLength = 2000

const awkwardTexts = [
  '',
  ' ',
  '0',
  'null',
  '😃',
  'é\u0301',
  '\u202Eabc',
  '"\\/\n\u0000',
  '__proto__',
]

/** Texts of any script with their shortest and longest lengths, which count UTF-16 units. */
export function texts({
  format,
  pattern,
  minimum = 0,
  maximum = longLength,
}: Constraints): fc.Arbitrary<string> {
  if (format === 'url') return fc.webUrl({ withQueryParameters: true })
  if (format === 'guid') return fc.uuid()
  if (pattern) return fc.stringMatching(pattern)
  const ofLength = (length: number) =>
    fc.string({ unit: 'binary-ascii', minLength: length, maxLength: length })
  const usual = fc.string({ unit: 'grapheme', minLength: minimum, maxLength: usualLength })
  return fc
    .oneof(
      { arbitrary: usual, weight: 16 },
      { arbitrary: fc.constantFrom(...awkwardTexts), weight: 4 },
      { arbitrary: ofLength(minimum), weight: 2 },
      { arbitrary: ofLength(maximum), weight: 1 },
    )
    .filter(({ length }) => length >= minimum && length <= maximum)
}

const wholeNumbers = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }
const allNumbers = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }

/** Numbers with their bounds; never −0, which JSON text cannot carry. */
export function numbers({ format, minimum, maximum }: Constraints): fc.Arbitrary<number> {
  const isWhole = format === 'safeint'
  const widest = isWhole ? wholeNumbers : allNumbers
  const { min, max } = { min: minimum ?? widest.min, max: maximum ?? widest.max }
  const usual = fc.integer({ min: Math.max(min, -100), max: Math.min(max, 10_000) })
  const wide = isWhole
    ? fc.constantFrom(min, max)
    : fc.double({ min, max, noNaN: true, noDefaultInfinity: true })
  return fc.oneof(usual, wide).map(value => (value === 0 ? 0 : value))
}

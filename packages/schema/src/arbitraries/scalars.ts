import fc from 'fast-check'
import type { Constraints } from './constraints.ts'

/** Any JSON value, without −0, which JSON text cannot carry. */
export const jsonValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 1 })
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)

const usualLength = 6
const longText = 'long '.repeat(400)

const awkwardTexts = [
  '',
  ' ',
  '0',
  'null',
  'é\u0301',
  '\u202Eabc',
  '"\\/\n\u0000',
  '__proto__',
  longText,
]

/** Texts of any script with their shortest and longest lengths, which count code points. */
export function texts({
  format,
  pattern,
  minimum = 0,
  maximum = Number.POSITIVE_INFINITY,
}: Constraints): fc.Arbitrary<string> {
  if (format === 'url') return fc.webUrl({ withQueryParameters: true })
  if (format === 'guid') return fc.uuid()
  if (pattern) return fc.stringMatching(pattern)
  const ofLength = (length: number) =>
    fc.string({ unit: 'binary', minLength: length, maxLength: length })
  const edges = [minimum, maximum].filter(Number.isFinite)
  const isOfAllowedLength = (text: string) => {
    const { length } = [...text]
    return length >= minimum && length <= maximum
  }
  return fc
    .oneof(
      { arbitrary: fc.string({ unit: 'binary', maxLength: usualLength }), weight: 16 },
      { arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }), weight: 4 },
      { arbitrary: fc.constantFrom(...awkwardTexts), weight: 4 },
      ...edges.map(length => ({ arbitrary: ofLength(length), weight: 2 })),
    )
    .filter(isOfAllowedLength)
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

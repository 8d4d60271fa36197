import * as fc from 'fast-check'
import type { z } from 'zod'

/** The constraints of a schema's checks: bounds of a number or of a length, and a pattern. */
export interface Constraints {
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: RegExp
  readonly format?: string
  /** True if a function decides, so that derived values must be filtered. */
  readonly isRefined?: boolean
}

type Definition = z.core.$ZodTypes['_zod']['def']

function constraintOf(check: z.core.$ZodCheck): Constraints {
  const { def } = (check as z.core.$ZodChecks)._zod
  switch (def.check) {
    case 'min_length':
      return { minimum: def.minimum }
    case 'max_length':
      return { maximum: def.maximum }
    case 'greater_than':
      return { minimum: Number(def.value) }
    case 'less_than':
      return { maximum: Number(def.value) }
    case 'string_format':
      return def.pattern ? { pattern: def.pattern } : { isRefined: true }
    default:
      return { isRefined: true }
  }
}

/** Merges the checks of a schema; the last one of a kind wins. */
export const constraintsOf = (definition: Definition): Constraints =>
  Object.assign(
    'format' in definition && definition.format !== undefined ? { format: definition.format } : {},
    ...(definition.checks ?? []).map(constraintOf),
  )

/** Any JSON value except −0, which JSON has no form for. */
export const jsonValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 1 })
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)

const usualLength = 6
const longText = 'long '.repeat(400)

/** Any code point except surrogates; fast-check's own `binary` unit needs half a second to prepare. */
const character = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map(codePoint => String.fromCodePoint(codePoint))

const awkwardTexts = [
  '',
  ' ',
  '0',
  'null',
  'é\u0301',
  '👩‍👩‍👧‍👦 हिन्दी',
  '\u202Eabc',
  '"\\/\n\u0000',
  '__proto__',
  longText,
]

/** Simpler than `fc.webUrl`, which needs half a second to prepare. */
const usualUrl =
  /^https?:\/\/[a-z][a-z0-9]{0,8}(?:\.[a-z]{2,6}){0,2}(?::[1-9]\d{1,3})?(?:\/[\w.~-]{0,8}){0,3}$/

/** Texts of any script, with lengths at both bounds, counted in code points. */
export function texts({
  format,
  pattern,
  minimum = 0,
  maximum = Number.POSITIVE_INFINITY,
}: Constraints): fc.Arbitrary<string> {
  if (format === 'url') return fc.stringMatching(usualUrl)
  if (format === 'guid') return fc.uuid()
  if (pattern) return fc.stringMatching(pattern)
  const ofLength = (length: number) =>
    fc.string({ unit: character, minLength: length, maxLength: length })
  const edges = [minimum, maximum].filter(Number.isFinite)
  const isOfAllowedLength = (text: string) => {
    const { length } = Array.from(text)
    return length >= minimum && length <= maximum
  }
  return fc
    .oneof(
      { arbitrary: fc.string({ unit: character, maxLength: usualLength }), weight: 16 },
      { arbitrary: fc.constantFrom(...awkwardTexts), weight: 4 },
      ...edges.map(length => ({ arbitrary: ofLength(length), weight: 2 })),
    )
    .filter(isOfAllowedLength)
}

const wholeNumbers = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }
const allNumbers = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }

/** Numbers within the bounds and at them; never −0, which JSON has no form for. */
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

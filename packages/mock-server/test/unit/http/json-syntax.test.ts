import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeSyntaxError } from '../../../src/http/explain/json-syntax.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A text of JSON with one character removed, replaced or inserted. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom(
      '',
      ...Array.from('{}[]",:\\ \n\t0123456789-+.eEtrufalsn\u0000\ufeff\u00a0\u2028/\'NxX_'),
    ),
    fc.boolean(),
  )
  .map(([text, at, character, replaces]) => {
    const index = at % (text.length + 1)
    return text.slice(0, index) + character + text.slice(index + (replaces ? 1 : 0))
  })

test('finds an error exactly where JSON.parse refuses a text [RES-9a]', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyJson, fc.string(), fc.json()), text => {
      expect(describeSyntaxError(text) === undefined).toBe(isJson(text))
    }),
    { numRuns: 5000 },
  )
})

test('quotes one character of a text at most, or a word of other languages [RES-9a]', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{8,40}$/), secret => {
      for (const text of [
        secret,
        `{"a":${secret}}`,
        `{${secret}:1}`,
        `{"a":"b"${secret}`,
        `{"a":'${secret}'}`,
      ])
        expect(describeSyntaxError(text) ?? '').not.toContain(secret)
    }),
  )
})

test('reads a megabyte of text without a stack overflow [RES-9a]', () => {
  const long = 'a'.repeat(1_000_000)
  expect(describeSyntaxError(`{"a":"${long}\n"}`)).toContain(`column ${long.length + 7}`)
  expect(describeSyntaxError('['.repeat(1_000_000))).toContain('the end of the text')
})

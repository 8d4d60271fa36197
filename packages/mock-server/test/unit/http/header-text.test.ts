import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHeaderText, toProblem } from '../../../src/http/explain/explanation.ts'

test('writes any sentence as ASCII of at most 500 characters [RES-9a]', () => {
  const sentence = fc.string({ unit: 'binary', maxLength: 1500 })
  fc.assert(
    fc.property(sentence, text => {
      expect(toHeaderText(text, [])).toMatch(/^[\x20-\x7e]{0,500}$/)
    }),
  )
  expect(toHeaderText('x'.repeat(500), [])).toHaveLength(500)
  expect(toHeaderText('x'.repeat(501), [])).toBe(`${'x'.repeat(497)}...`)
  expect(toHeaderText('caf\u00e9\r\n', [])).toBe(String.raw`caf\u00e9\u000d\u000a`)
})

test('writes no secret that it is given, and keeps what was expected of a header [RES-9a]', () => {
  expect(toHeaderText('of the app hush-hush', ['hush-hush'])).toBe('of the app <redacted>')
  const sentence = 'Authorization: expected an AppJWT of account "1", received no such header'
  const explanation = {
    part: 'Authorization',
    expected: 'an AppJWT of account "1"',
    received: 'no such header',
  }
  expect(toProblem(explanation, 'AUTH-6')).toMatchObject({ path: '', message: sentence })
  expect(toHeaderText(sentence, [])).toBe(sentence)
})

import { type Problem, type RuleId, ruleById } from '@sendbox/schema'
import { redactText } from '../../redact/secrets.ts'

/** Why a call is refused, for the person who sent it. Rule: RES-9a. */
export interface Explanation {
  /** The part of the request: a header, a parameter, a JSON Pointer into its body. */
  readonly part: string
  readonly expected: string
  /** The description of the value received; never a token or a secret. */
  readonly received: string
  /** The probable intent, or a remedy. */
  readonly hint?: string | undefined
}

/** The explanation as a problem of the journal. */
export function toProblem(explanation: Explanation, rule: RuleId): Problem {
  const { part, expected, received, hint } = explanation
  const message = `${part}: expected ${expected}, received ${received}${hint ? ` (${hint})` : ''}`
  const path = part.startsWith('/') ? part : ''
  return {
    path,
    expected,
    received,
    message,
    rule,
    evidence: ruleById.get(rule)?.evidence ?? 'own',
  }
}

/** Maximum length of a hint, in characters. Rule: RES-9a. */
const maxHintLength = 500

const toEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Writes a sentence as the value of a header: ASCII, shortened, without secrets. Rule: RES-9a. */
export function toHeaderText(sentence: string, secrets: readonly string[]): string {
  const shown = redactText(sentence.slice(0, 4 * maxHintLength), secrets)
  const ascii = shown.replaceAll(/[^\x20-\x7e]/g, toEscape)
  return ascii.length > maxHintLength ? `${ascii.slice(0, maxHintLength - 3)}...` : ascii
}

/** A word of the request that may be quoted: it has a known form, and is too short for a secret. */
export const quoteIf = (form: RegExp, word: unknown): string =>
  typeof word === 'string' && word.length <= 40 && form.test(word) ? ` "${word}"` : ''

/** Writes a time in ms since the epoch in ISO 8601, or as a number where it is out of range. */
export const toTime = (ms: number): string =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`

/** The values of a header, one for each time it came. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase()
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted,
  )
}

/** The names of the headers, as they were written. */
export const namesOf = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 0)

/** Joins words as prose does. */
export const alternativesOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

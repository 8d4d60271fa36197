import { findExceededBound } from '@sendbox/schema'

/** Which messages the client validates against the schema. */
export interface ClientChecks {
  /**
   * Requests, before they are sent: `strict` accepts only what is documented or recorded,
   * `as-service` also what the service tolerates, `off` anything.
   * @default 'as-service'
   */
  readonly requests?: 'strict' | 'as-service' | 'off'
  /**
   * Responses to SEND and CONVERSATION; unknown fields always pass. With `off`, `sequence` may be
   * missing. Responses that the client depends on (tokens, domains, file URLs) are always checked.
   * @default 'on'
   */
  readonly responses?: 'on' | 'off'
  /** @deprecated Use `responses`. */
  readonly answers?: 'on' | 'off'
}

/** Maximum number of values in JSON that is received, far above any documented response or notification. */
export const maxJsonValues = 50_000

/** Parses JSON; `undefined` if it is malformed. The parser's error quotes it, so it is dropped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether JSON has too many values to be parsed and validated: a schema makes a problem of each wrong one. */
export const hasTooManyValues = (text: string): boolean =>
  findExceededBound(text, { depth: Number.POSITIVE_INFINITY, values: maxJsonValues }) === 'values'

/** Throws a `RangeError` unless `value` is over 0. */
export function requirePositive(name: string, value: number): number {
  if (value > 0) return value
  throw new RangeError(`${name} must be over 0, received ${value}`)
}

/** Throws a `RangeError` unless `value` is 0 or more. */
export function requireCount(name: string, value: number): number {
  if (value >= 0) return value
  throw new RangeError(`${name} must be 0 or more, received ${value}`)
}

/** Throws a `TypeError` for an empty or missing string; the message omits the value, which may be a secret. */
export function requireText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${name} must be a non-empty string`)
  }
}

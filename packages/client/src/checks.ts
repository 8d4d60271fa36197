/** What the client holds against the schema. */
export interface ClientChecks {
  /**
   * Requests, before they leave: `strict` takes only what is documented or recorded, `as-service`
   * also what the service tolerates, `off` sends anything.
   *
   * @default 'as-service'
   */
  readonly requests?: 'strict' | 'as-service' | 'off'
  /**
   * Answers to requests and batches, where unknown fields pass; those that the client itself lives
   * on, such as tokens, domains and places of files, are always checked. A `sequence` may be
   * missing where they are off.
   *
   * @default 'on'
   */
  readonly answers?: 'on' | 'off'
}

/** Refuses what is not over 0. */
export function requirePositive(name: string, value: number): number {
  if (value > 0) return value
  throw new RangeError(`${name} must be over 0, received ${value}`)
}

/** Refuses what is not 0 or more. */
export function requireCount(name: string, value: number): number {
  if (value >= 0) return value
  throw new RangeError(`${name} must be 0 or more, received ${value}`)
}

/** Refuses an empty or missing text by its name only, as it may be a secret. */
export function requireText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${name} must be a non-empty string`)
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

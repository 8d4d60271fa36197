import { ApiError, isAppJwtRefusal } from '../errors/api-error.ts'
import type { ClientError } from '../errors/client-error.ts'

/** How long to wait after the first, second and each further failure; 429 wants 1 s at least. */
const rateLimitDelaysMs = [1_000, 2_000, 4_000] as const
const failureDelaysMs = [5_000, 10_000, 15_000] as const

const jitterShare = 0.2

/** What a call went through so far. */
export interface RetryHistory {
  /** Failures so far, refused AppJWTs aside. */
  readonly failures: number
  /** How often an AppJWT was refused. */
  readonly refusedAppJwts: number
}

/** What a call may go through. */
export interface RetryPolicy {
  readonly maxRetries: number
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number
}

/** Reads a `Retry-After`, in seconds or as a date, into ms from now. Rule: RES-8. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  // Date.parse also takes what is no date of HTTP, such as "-1".
  const atMs = value.endsWith(' GMT') ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

/**
 * How long to wait before the next attempt, in ms; `undefined` says that there is none. Whether a
 * repeat is right was decided when the error was made: only its `isRetryable` is read. Rules:
 * AUTH-6, RES-8.
 */
export function toRetryDelayMs(
  error: ClientError,
  { failures, refusedAppJwts }: RetryHistory,
  { maxRetries, random }: RetryPolicy,
): number | undefined {
  if (!error.isRetryable) return undefined
  if (isAppJwtRefusal(error)) return refusedAppJwts > 1 ? undefined : 0
  if (failures > maxRetries) return undefined
  const [status, retryAfterMs = 0] =
    error instanceof ApiError ? [error.status, error.retryAfterMs] : []
  const delaysMs = status === 429 ? rateLimitDelaysMs : failureDelaysMs
  const leastMs = delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0
  return Math.round(Math.max(leastMs, retryAfterMs) + leastMs * jitterShare * random())
}

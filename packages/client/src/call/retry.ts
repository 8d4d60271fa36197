import { ApiError, isAppJwtRefusal } from '../errors/api-error.ts'
import type { ClientError } from '../errors/client-error.ts'

/** Delays after the first, second and each further failure; 429 requires at least 1 s. */
const rateLimitDelaysMs = [1_000, 2_000, 4_000] as const
const failureDelaysMs = [5_000, 10_000, 15_000] as const

const jitterShare = 0.2

export interface RetryHistory {
  /** Refused AppJWTs excluded. */
  readonly failures: number
  readonly refusedAppJwts: number
}

export interface RetryPolicy {
  readonly maxRetries: number
  /** In [0, 1), as `Math.random`. */
  readonly random: () => number
}

/** Parses `Retry-After`, seconds or an HTTP date, to ms from `nowMs`. Rule: RES-8. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  // Date.parse accepts more than HTTP dates, such as "-1".
  const atMs = value.endsWith(' GMT') ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

/** Delay before the next attempt in ms; `undefined` if there is none. Rules: AUTH-6, RES-8. */
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
  const minMs = delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0
  return Math.round(Math.max(minMs, retryAfterMs) + minMs * jitterShare * random())
}

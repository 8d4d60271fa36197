import type { ErrorCode } from '@sendbox/schema'
import { ClientError, type FailedCall } from './client-error.ts'

const appJwtRefused: number = 40102 satisfies ErrorCode
const consumerJwsRefused: number = 40103 satisfies ErrorCode
const alreadyClosed: number = 40054 satisfies ErrorCode

/** What the service said; all but the status are absent where its answer was no error object. */
export interface ApiErrorAnswer {
  readonly status: number
  readonly errorCode?: number | undefined
  readonly title?: string | undefined
  readonly details?: string | undefined
  readonly reqId?: string | undefined
  readonly retryAfterMs?: number | undefined
}

const isRetryable = (call: FailedCall, { status, errorCode }: ApiErrorAnswer): boolean =>
  status === 429 || errorCode === appJwtRefused || (status >= 500 && call.isRepeatable)

function nextStep(call: FailedCall, answer: ApiErrorAnswer): string {
  const { status, errorCode } = answer
  const afterMs = answer.retryAfterMs ?? 0
  const waitOf = (leastMs: number) => Math.ceil(Math.max(leastMs, afterMs) / 1000)
  if (errorCode === appJwtRefused) return 'Repeat the call: the client fetches a new AppJWT first.'
  if (status === 429) return `Wait at least ${waitOf(1000)} s, then repeat the call.`
  if (status >= 500 && call.isRepeatable) {
    return `Wait at least ${waitOf(5000)} s, then repeat the call.`
  }
  if (status >= 500) return 'Its outcome is unknown, and a repeat may act twice.'
  if (status < 400) return 'Check that domainApiUrl leads to a Send API v3.'
  if (status === 401) return 'Check the account, the consumer and whose conversation it is.'
  if (status === 404) return 'Check the ids of the account and of the conversation.'
  return 'Correct the request: a repeat gives the same answer.'
}

const toMessage = (call: FailedCall, answer: ApiErrorAnswer): string => {
  const code = answer.errorCode === undefined ? '' : ` (errorCode ${answer.errorCode})`
  const words = [answer.title, answer.details].filter(Boolean).join(': ')
  const said = words === '' ? '' : `: ${words}`
  return `${call.purpose} failed: ${call.method} ${call.path} answered ${answer.status}${code}${said}. ${nextStep(call, answer)}`
}

/**
 * The service answered with an error status. Act on `errorCode`, as LivePerson advises; it is
 * `undefined` where the answer was no error object, as from a proxy. Retryable are 429, an AppJWT
 * that was refused, and 5xx where a repeat acts once: never for `ms.PublishEvent` and a new
 * conversation. Rules: AUTH-5, AUTH-6, RES-6, RES-8.
 */
export class ApiError extends ClientError {
  readonly code = 'API_ERROR' as const
  /** The HTTP status. */
  readonly status: number
  /** The number of the error, such as 40102. Rule: AUTH-6. */
  readonly errorCode: number | undefined
  readonly title: string | undefined
  readonly details: string | undefined
  /** The id of the request that was refused, as text. Rule: RES-2. */
  readonly reqId: string | undefined
  /** How long the service asks to wait, in ms, by its `Retry-After`. Rule: RES-8. */
  readonly retryAfterMs: number | undefined

  constructor(call: FailedCall, answer: ApiErrorAnswer) {
    super(toMessage(call, answer), call, {
      isRetryable: isRetryable(call, answer),
      didNotAct: answer.status < 500,
    })
    this.status = answer.status
    this.errorCode = answer.errorCode
    this.title = answer.title
    this.details = answer.details
    this.reqId = answer.reqId
    this.retryAfterMs = answer.retryAfterMs
  }
}

/** Tells an AppJWT that expired or is invalid. Rule: AUTH-6. */
export const isAppJwtRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.errorCode === appJwtRefused

/** Tells a ConsumerJWS that is invalid, or is another consumer's. Rules: AUTH-6, AUTH-9. */
export const isConsumerJwsRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.errorCode === consumerJwsRefused

/** Tells a close of what an earlier attempt of the same call may have closed. Rule: LIF-5. */
export const isRepeatedClose = (error: unknown): boolean =>
  error instanceof ApiError && error.errorCode === alreadyClosed && error.attempts > 1

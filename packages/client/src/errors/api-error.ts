import { errorCodes } from '@sendbox/schema'
import { type CallInfo, ClientError } from './client-error.ts'

/** Parsed error response; only `status` is present if the body is no error object. */
export interface ApiErrorResponse {
  readonly status: number
  readonly errorCode?: number | undefined
  readonly title?: string | undefined
  readonly details?: string | undefined
  readonly reqId?: string | undefined
  readonly retryAfterMs?: number | undefined
}

const isRetryable = (call: CallInfo, { status, errorCode }: ApiErrorResponse): boolean =>
  status === 429 || errorCode === errorCodes.invalidAppJwt || (status >= 500 && call.idempotent)

function nextStep(call: CallInfo, response: ApiErrorResponse): string {
  const { status, errorCode } = response
  const retryAfterMs = response.retryAfterMs ?? 0
  const secondsOf = (minMs: number) => Math.ceil(Math.max(minMs, retryAfterMs) / 1000)
  if (errorCode === errorCodes.invalidAppJwt)
    return 'Repeat the call: the client fetches a new AppJWT first.'
  if (status === 429) return `Wait at least ${secondsOf(1000)} s, then repeat the call.`
  if (status >= 500 && call.idempotent) {
    return `Wait at least ${secondsOf(5000)} s, then repeat the call.`
  }
  if (status >= 500) return 'Its outcome is unknown, and a repeat may act twice.'
  if (status < 400) return 'Check that domainApiUrl leads to a Send API v3.'
  if (status === 401) return 'Check the account, the consumer and whose conversation it is.'
  if (status === 404) return 'Check the ids of the account and of the conversation.'
  return 'Correct the request: a repeat gives the same answer.'
}

const toReason = (call: CallInfo, response: ApiErrorResponse): string => {
  const code = response.errorCode === undefined ? '' : ` (errorCode ${response.errorCode})`
  const words = [response.title, response.details].filter(Boolean).join(': ')
  const said = words === '' ? '' : `: ${words}`
  return `${call.method} ${call.path} answered ${response.status}${code}${said}. ${nextStep(call, response)}`
}

/**
 * The response has an error status. Act on `errorCode`, as LivePerson advises; it is `undefined` if
 * the body is no error object, such as a proxy's. Retryable: 429, a refused AppJWT, and 5xx of an
 * idempotent request. Rules: AUTH-5, AUTH-6, RES-6, RES-8.
 * @example
 * ```ts
 * await conversation.close()
 * const error = await conversation.sendText('Still here?').catch(caught => caught)
 * if (error instanceof ApiError) console.log(error.status, error.errorCode) // 400 40054
 * ```
 */
export class ApiError extends ClientError {
  readonly code = 'API_ERROR' as const
  readonly status: number
  /** LivePerson's error number, such as 40102. Rule: AUTH-6. */
  readonly errorCode: number | undefined
  readonly title: string | undefined
  readonly details: string | undefined
  /** Id of the refused request. Rule: RES-2. */
  readonly reqId: string | undefined
  /** `Retry-After` in ms from when the response arrived. Rule: RES-8. */
  readonly retryAfterMs: number | undefined

  constructor(call: CallInfo, response: ApiErrorResponse) {
    super(call, toReason(call, response), {
      isRetryable: isRetryable(call, response),
      notProcessed: response.status < 500,
    })
    this.status = response.status
    this.errorCode = response.errorCode
    this.title = response.title
    this.details = response.details
    this.reqId = response.reqId
    this.retryAfterMs = response.retryAfterMs
  }
}

/** Whether the AppJWT is expired or invalid. Rule: AUTH-6. */
export const isAppJwtRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.errorCode === errorCodes.invalidAppJwt

/** Whether the ConsumerJWS is invalid or another consumer's. Rules: AUTH-6, AUTH-9. */
export const isConsumerJwsRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.errorCode === errorCodes.invalidConsumerJws

/** Whether a retried close found the conversation closed, maybe by an earlier attempt. Rule: LIF-5. */
export const isRetriedClose = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.errorCode === errorCodes.conversationClosed &&
  error.attempts > 1

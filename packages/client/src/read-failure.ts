import { AppTokenErrorSchema, ErrorResponseSchema, type Operation } from '@sendbox/schema'
import { ApiError } from './api-error.ts'
import type { ClientError, FailedCall } from './client-error.ts'
import type { ExchangeAnswer } from './exchange.ts'
import { parseAnswer } from './parse-answer.ts'
import { readRetryAfterMs } from './retry-timing.ts'
import { TokenError } from './token-error.ts'

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A service may repeat what it was sent, and messages end up in logs. */
const hide = (text: string, secrets: readonly string[]): string =>
  secrets.reduce(
    (shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '<redacted>')),
    text,
  )

/** What is needed to tell of an answer without success. */
interface FailedAnswer {
  readonly answer: ExchangeAnswer
  /** What no message may show. */
  readonly secrets: readonly string[]
  readonly nowMs: number
}

/** Turns an answer without success into the error that tells of it. Rules: EP-12, AUTH-5, RES-6. */
export function readFailure(
  operation: Operation,
  call: FailedCall,
  { answer, secrets, nowMs }: FailedAnswer,
): ClientError {
  const { status } = answer
  const value = parseJson(answer.body?.toString())
  if (operation.responses[status] === AppTokenErrorSchema) {
    const refused = parseAnswer(AppTokenErrorSchema, value)
    if (refused.ok) {
      const { error, error_description = 'no description' } = refused.answer
      return new TokenError(call, status, {
        error,
        error_description: hide(error_description, secrets),
      })
    }
  }
  const about = { status, retryAfterMs: readRetryAfterMs(answer.retryAfter, nowMs) }
  const failed = parseAnswer(ErrorResponseSchema, value)
  if (!failed.ok) return new ApiError(call, about)
  const { body, reqId } = failed.answer
  if (typeof body === 'string') {
    return new ApiError(call, { ...about, details: hide(body, secrets), reqId })
  }
  return new ApiError(call, {
    ...about,
    errorCode: body.errorCode,
    title: hide(body.title, secrets),
    details: hide(body.details, secrets),
    reqId,
  })
}

import { AppTokenErrorSchema, type Operation } from '@sendbox/schema'
import { ApiError, type ApiErrorAnswer } from './api-error.ts'
import type { ClientError, FailedCall } from './client-error.ts'
import type { ExchangeAnswer } from './exchange.ts'
import { isRecord } from './is-record.ts'
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

/** The text at `key`, where there is one. */
const textAt = (
  record: Readonly<Record<string, unknown>>,
  key: string,
  secrets: readonly string[],
): string | undefined => {
  const value = record[key]
  return typeof value === 'string' ? hide(value, secrets) : undefined
}

/** What an error says, as far as it can be read: clients rely on `errorCode` alone. Rules: AUTH-5, RES-6. */
function readErrorBody(
  value: unknown,
  secrets: readonly string[],
): Omit<ApiErrorAnswer, 'status' | 'retryAfterMs'> {
  const answer = isRecord(value) ? value : {}
  const reqId = textAt(answer, 'reqId', secrets)
  const { body } = answer
  if (!isRecord(body)) return { reqId, details: textAt(answer, 'body', secrets) }
  const { errorCode } = body
  return {
    reqId,
    errorCode: Number.isInteger(errorCode) ? Number(errorCode) : undefined,
    title: textAt(body, 'title', secrets),
    details: textAt(body, 'details', secrets),
  }
}

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
  return new ApiError(call, {
    ...readErrorBody(value, secrets),
    status,
    retryAfterMs: readRetryAfterMs(answer.retryAfter, nowMs),
  })
}

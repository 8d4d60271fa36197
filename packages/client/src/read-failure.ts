import { AppTokenErrorSchema, ErrorResponseSchema, type Operation } from '@sendbox/schema'
import { ApiError } from './api-error.ts'
import type { ClientError, FailedCall } from './client-error.ts'
import { parseAnswer } from './parse-answer.ts'
import { TokenError } from './token-error.ts'

function parseJson(text: string): unknown {
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

/** Turns an answer without success into the error that tells of it. Rules: EP-12, AUTH-5, RES-6. */
export function readFailure(
  operation: Operation,
  call: FailedCall,
  answer: { readonly status: number; readonly text: string; readonly secrets: readonly string[] },
): ClientError {
  const { status, secrets } = answer
  const value = parseJson(answer.text)
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
  const failed = parseAnswer(ErrorResponseSchema, value)
  if (!failed.ok) return new ApiError(call, { status })
  const { body, reqId } = failed.answer
  if (typeof body === 'string') {
    return new ApiError(call, { status, details: hide(body, secrets), reqId })
  }
  return new ApiError(call, {
    status,
    errorCode: body.errorCode,
    title: hide(body.title, secrets),
    details: hide(body.details, secrets),
    reqId,
  })
}

import { AppTokenErrorSchema, isRecord, type Operation, type Result } from '@sendbox/schema'
import type { z } from 'zod'
import { hasTooManyValues, parseJson } from '../checks.ts'
import { ApiError, type ApiErrorResponse } from '../errors/api-error.ts'
import type { CallInfo, ClientError } from '../errors/client-error.ts'
import { TokenError } from '../errors/token-error.ts'
import type { RawResponse } from './dispatch.ts'
import { readRetryAfterMs } from './retry.ts'

/** The response unchanged, or the first problem in it. */
export type ResponseResult<Response> = Result<
  Response,
  { readonly problem: string; readonly cause: unknown }
>

type Issue = z.core.$ZodIssue

/** Of a union, the issues of its nearest option. */
function problemsOf(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0]
  if (nearest === undefined) return [issue]
  return nearest
    .flatMap(problemsOf)
    .map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

const describe = ({ path, message }: Issue): string =>
  `${path.map(key => `/${String(key)}`).join('') || 'the body'} is unexpected (${message})`

/** Validates a response against a schema of received data. */
export function parseResponse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): ResponseResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data }
  const [problem = ''] = result.error.issues.flatMap(problemsOf).map(describe)
  return { ok: false, refusal: { problem, cause: result.error } }
}

/** A service may echo a secret, and error messages are logged. */
const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce(
    (redacted, secret) => (secret === '' ? redacted : redacted.replaceAll(secret, '<redacted>')),
    text,
  )

/** Reads an error body leniently: clients depend on `errorCode` alone. Rules: AUTH-5, RES-6. */
function readErrorBody(
  value: unknown,
  secrets: readonly string[],
): Omit<ApiErrorResponse, 'status' | 'retryAfterMs'> {
  const textAt = (record: Readonly<Record<string, unknown>>, key: string): string | undefined => {
    const text = record[key]
    return typeof text === 'string' ? redact(text, secrets) : undefined
  }
  const response = isRecord(value) ? value : {}
  const reqId = textAt(response, 'reqId')
  const { body } = response
  if (!isRecord(body)) return { reqId, details: textAt(response, 'body') }
  const { errorCode } = body
  return {
    reqId,
    errorCode: Number.isInteger(errorCode) ? Number(errorCode) : undefined,
    title: textAt(body, 'title'),
    details: textAt(body, 'details'),
  }
}

/** Converts a response without success to its error. Rules: EP-12, AUTH-5, RES-6. */
export function readFailure(
  operation: Operation,
  call: CallInfo,
  {
    response,
    secrets,
    nowMs,
  }: {
    readonly response: RawResponse
    /** Redacted from the message. */
    readonly secrets: readonly string[]
    readonly nowMs: number
  },
): ClientError {
  const { status } = response
  const text = response.body?.toString() ?? ''
  const value = hasTooManyValues(text) ? undefined : parseJson(text)
  if (operation.responses[status] === AppTokenErrorSchema) {
    const refused = parseResponse(AppTokenErrorSchema, value)
    if (refused.ok) {
      const { error, error_description = 'no description' } = refused.value
      return new TokenError(call, status, {
        error: redact(error, secrets),
        error_description: redact(error_description, secrets),
      })
    }
  }
  return new ApiError(call, {
    ...readErrorBody(value, secrets),
    status,
    retryAfterMs: readRetryAfterMs(response.retryAfter, nowMs),
  })
}

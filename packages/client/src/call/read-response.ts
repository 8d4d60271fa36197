import { AppTokenErrorSchema, type Operation } from '@sendbox/schema'
import type { z } from 'zod'
import { isRecord } from '../checks.ts'
import { ApiError, type ApiErrorAnswer } from '../errors/api-error.ts'
import type { ClientError, FailedCall } from '../errors/client-error.ts'
import { TokenError } from '../errors/token-error.ts'
import type { ExchangeAnswer } from './dispatch.ts'
import { readRetryAfterMs } from './retry.ts'

/** What a check of an answer found: the answer as it came, or the first fault in it. */
export type AnswerResult<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly fault: string; readonly cause: unknown }

type Issue = z.core.$ZodIssue

const isFault = (issue: Issue): boolean => faultsOf(issue).length > 0

/** The parts of an issue that are more than a field that the schema does not know. */
function faultsOf(issue: Issue): readonly Issue[] {
  if (issue.code === 'unrecognized_keys') return []
  if (issue.code !== 'invalid_union') return [issue]
  const options = issue.errors.map(issues => issues.filter(isFault))
  const nearest = options.toSorted((a, b) => a.length - b.length)[0]
  if (nearest === undefined) return [issue]
  return nearest
    .flatMap(faultsOf)
    .map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

const describe = ({ path, message }: Issue): string =>
  `${path.map(key => `/${String(key)}`).join('') || 'the body'} is unexpected (${message})`

/**
 * Checks an answer and lets unknown fields pass, as a service may add some at any time; they stay
 * in the answer. It suits schemas that check and do not transform, as those of answers are.
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): AnswerResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, answer: result.data }
  const fault = result.error.issues.flatMap(faultsOf)[0]
  if (fault === undefined) return { ok: true, answer: value as z.output<Schema> }
  return { ok: false, fault: describe(fault), cause: result.error }
}

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

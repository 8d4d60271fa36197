import type { Readable } from 'node:stream'
import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import type { ClientError, FailedCall, SentRequest } from '../errors/client-error.ts'
import { ConnectionError, codeOf } from '../errors/connection-error.ts'
import { InvalidResponseError } from '../errors/local-errors.ts'
import { TimeoutError, type TimeoutPhase } from '../errors/timeout-error.ts'
import type { Timers } from './deadline.ts'
import { type CallScope, Interruption, toInterruptedError } from './deadline.ts'
import { type ExchangeAnswer, exchange } from './dispatch.ts'
import type { CallObserver } from './observer.ts'
import { parseAnswer, readFailure } from './read-response.ts'
import { type TraceContext, toTraceHeaders } from './trace-context.ts'

type ResponsesOf<Id extends OperationId> = (typeof operations)[Id]['responses']

/** The schema of an operation's success, read from its table row. */
type SuccessSchema<Id extends OperationId> = {
  [Status in keyof ResponsesOf<Id> & number]: `${Status}` extends `2${string}`
    ? ResponsesOf<Id>[Status]
    : never
}[keyof ResponsesOf<Id> & number]

/** What an operation answers: what its schema reads, the bytes of a file, or nothing. */
export type SuccessOf<Id extends OperationId> =
  SuccessSchema<Id> extends z.ZodType
    ? z.output<SuccessSchema<Id>>
    : SuccessSchema<Id> extends 'bytes'
      ? Buffer
      : undefined

/** How calls of one account leave, and what they share. */
export interface Transport {
  readonly accountId: string
  /** Path and query of an operation. */
  readonly targetOf: (operationId: OperationId) => string
  readonly dispatcher: Dispatcher
  readonly now: () => number
  readonly timers: Timers
  readonly random: () => number
  readonly timeoutMs: number
  readonly headersTimeoutMs: number
  readonly maxRetries: number
  readonly maxAnswerBytes: number
  readonly observer: CallObserver
  readonly traceContext: (() => TraceContext | undefined) | undefined
}

/** Where an attempt goes, and with what. */
export interface Grant {
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string
  /** One value for each header field of the operation, in the table's order. */
  readonly credentials: readonly string[]
}

/** One call of an operation. */
export interface OperationCall<Id extends OperationId> {
  readonly operationId: Id
  /** What the call is for, as the subject of a message: `Sending ms.PublishEvent`. */
  readonly purpose: string
  /** The type of the request, for those who watch. */
  readonly type?: string
  /** Claims that a repeat does no more, or that the caller accepts it. */
  readonly isRepeatable: boolean
  /** Path and query, where they are not the table's. */
  readonly target?: string
  /** The encoded body, for an operation that has one; a stream is made anew for each attempt. */
  readonly body?: string | Uint8Array | (() => Readable)
  /** Further header fields, names and values in turn. */
  readonly headers?: readonly string[]
  /** What no message may show, beside the credentials. */
  readonly secrets?: readonly string[]
  /** A narrower schema than the table's, where the table leaves a choice; `false` checks nothing. */
  readonly answerSchema?: z.ZodType | false
  /** Tells what left, for a call that may act twice. */
  readonly describeSent?: ((sentAtMs: number) => SentRequest) | undefined
}

/** How far an attempt came. */
export interface Attempt {
  readonly number: number
  readonly sentEarlier?: SentRequest | undefined
  sentAtMs: number | undefined
  status: number | undefined
}

type CallWords = Pick<FailedCall, 'purpose' | 'isRepeatable'>

/** Names a call that never left, for the errors that tell of it. */
export const toUnsentCall = (
  operationId: OperationId,
  { purpose, isRepeatable }: CallWords,
): FailedCall => ({
  purpose,
  isRepeatable,
  method: operations[operationId].method,
  path: operations[operationId].path,
  wasSent: false,
})

/** Names an attempt for the errors that tell of it. */
export const toFailedCall = (call: OperationCall<OperationId>, attempt: Attempt): FailedCall => ({
  ...toUnsentCall(call.operationId, call),
  wasSent: attempt.sentAtMs !== undefined,
  attempts: attempt.number,
  sent: attempt.sentAtMs === undefined ? undefined : call.describeSent?.(attempt.sentAtMs),
  sentEarlier: attempt.sentEarlier,
})

const timeoutPhases: Readonly<Record<string, TimeoutPhase>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  UND_ERR_HEADERS_TIMEOUT: 'headers',
  UND_ERR_BODY_TIMEOUT: 'body',
}

function toLostError(failedCall: FailedCall, cause: unknown): ClientError {
  if (cause instanceof Interruption) return toInterruptedError(failedCall, cause)
  const phase = timeoutPhases[codeOf(cause)]
  if (phase === undefined) return new ConnectionError(failedCall, cause)
  // A proxy that is slow to open its tunnel keeps undici waiting for headers too.
  return new TimeoutError(failedCall, failedCall.wasSent ? phase : 'connect', { cause })
}

/** Gives path and query of an operation of one account, and keeps them. */
export function createTargets(accountId: string): (operationId: OperationId) => string {
  const kept = new Map<OperationId, string>()
  return operationId => {
    const known = kept.get(operationId)
    if (known !== undefined) return known
    const { path, query } = operations[operationId]
    const target = `${toPath(path, { accountId })}?${new URLSearchParams(query).toString()}`
    kept.set(operationId, target)
    return target
  }
}

function toHeaders(
  { traceContext }: Transport,
  operation: Operation,
  call: OperationCall<OperationId>,
  { credentials }: Grant,
): string[] {
  const headers: string[] = []
  for (const [index, name] of operation.headers.entries()) {
    headers.push(name, credentials[index] ?? '')
  }
  if (operation.contentType !== undefined) headers.push('Content-Type', operation.contentType)
  if (call.headers !== undefined) headers.push(...call.headers)
  if (traceContext !== undefined) headers.push(...toTraceHeaders(traceContext()))
  return headers
}

function readSuccess(
  { maxAnswerBytes }: Transport,
  call: OperationCall<OperationId>,
  attempt: Attempt,
  { status, body }: ExchangeAnswer,
): unknown {
  const { responses }: Operation = operations[call.operationId]
  const known = responses[status]
  const fail = (fault: string, options?: { cause?: unknown }) =>
    new InvalidResponseError(toFailedCall(call, attempt), fault, options)
  if (known === undefined) throw fail(`the protocol knows no status ${status} here`)
  if (body === undefined) {
    throw fail(`the body has more than ${maxAnswerBytes} bytes, the limit of maxAnswerBytes`)
  }
  if (known === 'bytes') return body
  if (known === 'empty') return undefined
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch {
    // The parser's own error quotes the body, which may hold a token.
    throw fail('the body is not JSON')
  }
  if (call.answerSchema === false) return value
  const result = parseAnswer(call.answerSchema ?? known, value)
  if (!result.ok) throw fail(result.fault, { cause: result.cause })
  return result.answer
}

/** Makes one attempt of a call as its row of the operations table says, and checks what comes back. */
export async function callOperation<Id extends OperationId>(
  transport: Transport,
  scope: CallScope,
  call: OperationCall<Id>,
  { grant, attempt }: { readonly grant: Grant; readonly attempt: Attempt },
): Promise<SuccessOf<Id>> {
  const operation: Operation = operations[call.operationId]
  const request: Dispatcher.DispatchOptions = {
    origin: grant.origin,
    path: call.target ?? transport.targetOf(call.operationId),
    method: operation.method,
    headers: toHeaders(transport, operation, call, grant),
    body: typeof call.body === 'function' ? call.body() : (call.body ?? null),
    headersTimeout: transport.headersTimeoutMs,
    bodyTimeout: transport.headersTimeoutMs,
  }
  const { maxAnswerBytes } = transport
  const onSent = (): void => {
    attempt.sentAtMs = transport.now()
  }
  let answer: ExchangeAnswer
  try {
    answer = await exchange(transport.dispatcher, request, { scope, onSent, maxAnswerBytes })
  } catch (cause) {
    throw toLostError(toFailedCall(call, attempt), cause)
  }
  attempt.status = answer.status
  if (answer.status >= 200 && answer.status <= 299) {
    return readSuccess(transport, call, attempt, answer) as SuccessOf<Id>
  }
  throw readFailure(operation, toFailedCall(call, attempt), {
    answer,
    secrets: [...grant.credentials, ...(call.secrets ?? [])],
    nowMs: transport.now(),
  })
}

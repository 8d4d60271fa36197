import type { Readable } from 'node:stream'
import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import { hasTooManyValues, maxJsonValues, parseJson } from '../checks.ts'
import type { CallInfo, ClientError, SentRequest } from '../errors/client-error.ts'
import { ConnectionError, codeOf } from '../errors/connection-error.ts'
import { InvalidResponseError } from '../errors/local-errors.ts'
import { TimeoutError, type TimeoutPhase } from '../errors/timeout-error.ts'
import { type CallScope, Interruption, type Timers, toInterruptedError } from './deadline.ts'
import { dispatch, type RawResponse } from './dispatch.ts'
import { findDeviations, NothingNeededSchema, neededResponses } from './needed-response.ts'
import type { CallObserver } from './observer.ts'
import { parseResponse, readFailure } from './read-response.ts'
import { type TraceContext, toTraceHeaders } from './trace-context.ts'

type ResponsesOf<Id extends OperationId> = (typeof operations)[Id]['responses']

type SuccessSchema<Id extends OperationId> = {
  [Status in keyof ResponsesOf<Id> & number]: `${Status}` extends `2${string}`
    ? ResponsesOf<Id>[Status]
    : never
}[keyof ResponsesOf<Id> & number]

/** Result of an operation: the output of its schema, the bytes of a file, or nothing. */
export type SuccessOf<Id extends OperationId> =
  SuccessSchema<Id> extends z.ZodType
    ? z.output<SuccessSchema<Id>>
    : SuccessSchema<Id> extends 'bytes'
      ? Buffer
      : undefined

/** Everything that the requests of one client share. */
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
  readonly maxResponseBytes: number
  readonly observer: CallObserver
  readonly traceContext: (() => TraceContext | undefined) | undefined
}

/** Host and tokens of one attempt. */
export interface Endpoint {
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string
  /** Values of the operation's header fields, in the order of the operations table. */
  readonly credentials: readonly string[]
}

/** One call of an operation. */
export interface OperationCall<Id extends OperationId> extends CallPurpose {
  readonly operationId: Id
  /** The request's `type`, for observers. */
  readonly type?: string
  /** Path and query, if not those of the operations table. */
  readonly target?: string
  /** Encoded body; a function creates a stream for each attempt. */
  readonly body?: string | Uint8Array | (() => Readable)
  /** Further header fields, names and values in turn. */
  readonly headers?: readonly string[]
  /** Redacted from error messages, in addition to the credentials. */
  readonly secrets?: readonly string[]
  /** The part of a response that the call needs, if not the one that its operation needs; `false` for any JSON. */
  readonly responseSchema?: z.ZodType | false
  /** The documented response, if not that of the operations table; others are reported as deviations. */
  readonly documentedSchema?: z.ZodType | undefined
  /** Describes the request for `ClientError.sent`; set for non-idempotent requests. */
  readonly describeSent?: ((sentAtMs: number) => SentRequest) | undefined
}

export interface Attempt {
  readonly number: number
  /** An earlier attempt with an unknown outcome. */
  readonly sentEarlier?: SentRequest | undefined
}

type CallPurpose = Pick<CallInfo, 'purpose' | 'idempotent'>

/** Describes a call of which nothing was sent. */
export const toCallInfo = (
  operationId: OperationId,
  { purpose, idempotent }: CallPurpose,
): CallInfo => ({
  purpose,
  idempotent,
  method: operations[operationId].method,
  path: operations[operationId].path,
  wasSent: false,
})

/** Describes an attempt; `sentAtMs` is absent if nothing was sent. */
export const toAttemptInfo = (
  call: OperationCall<OperationId>,
  { number, sentEarlier }: Attempt,
  sentAtMs?: number,
): CallInfo => ({
  ...toCallInfo(call.operationId, call),
  wasSent: sentAtMs !== undefined,
  attempts: number,
  sent: sentAtMs === undefined ? undefined : call.describeSent?.(sentAtMs),
  sentEarlier,
})

const timeoutPhases: Readonly<Record<string, TimeoutPhase>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  UND_ERR_HEADERS_TIMEOUT: 'headers',
  UND_ERR_BODY_TIMEOUT: 'body',
}

function toTransportError(callInfo: CallInfo, cause: unknown): ClientError {
  if (cause instanceof Interruption) return toInterruptedError(callInfo, cause)
  const phase = timeoutPhases[codeOf(cause)]
  if (phase === undefined) return new ConnectionError(callInfo, cause)
  // undici reports a proxy that is slow to open its tunnel as a headers timeout.
  return new TimeoutError(callInfo, callInfo.wasSent ? phase : 'connect', { cause })
}

/** Returns a memoized function from an operation to its path and query for one account. */
export function createTargets(accountId: string): (operationId: OperationId) => string {
  const cache = new Map<OperationId, string>()
  return operationId => {
    const cached = cache.get(operationId)
    if (cached !== undefined) return cached
    const { path, query } = operations[operationId]
    const target = `${toPath(path, { accountId })}?${new URLSearchParams(query).toString()}`
    cache.set(operationId, target)
    return target
  }
}

function toHeaders(
  { traceContext }: Transport,
  operation: Operation,
  call: OperationCall<OperationId>,
  { credentials }: Endpoint,
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

/** The value of a response of success, and how it deviates from the documented one. */
interface Success {
  readonly value: unknown
  /** `undefined` if it does not. */
  readonly findDeviations: () => readonly string[] | undefined
}

/**
 * Reads what the call needs of a response with any status of success; throws an {@link InvalidResponseError} about `toInfo()` if
 * that is missing.
 */
function readSuccess(
  { maxResponseBytes }: Transport,
  { operationId, responseSchema, documentedSchema }: OperationCall<OperationId>,
  { status, body }: RawResponse,
  toInfo: () => CallInfo,
): Success {
  const { responses }: Operation = operations[operationId]
  const [success = 200] = Object.keys(responses).map(Number)
  const known = responses[success]
  const fail = (problem: string, options?: { cause?: unknown }) =>
    new InvalidResponseError(toInfo(), problem, options)
  if (body === undefined) {
    throw fail(`the body has more than ${maxResponseBytes} bytes, the limit of maxResponseBytes`)
  }
  const oddStatus = status === success ? [] : [`status: expected ${success}`]
  if (known === 'bytes') {
    // Another success, such as 204 or 206, has no file or a part of one.
    if (status !== success) throw fail(`status ${status} has no whole file`)
    return { value: body, findDeviations: () => undefined }
  }
  if (known === 'empty' || known === undefined)
    return { value: undefined, findDeviations: () => undefined }
  const text = body.toString()
  if (hasTooManyValues(text)) throw fail(`the body has more than ${maxJsonValues} values`)
  const json = parseJson(text)
  const needed = responseSchema ?? neededResponses[operationId] ?? NothingNeededSchema
  if (json === undefined && needed !== NothingNeededSchema) throw fail('the body is not JSON')
  const value = json ?? (text === '' ? undefined : text)
  const deviations = (): readonly string[] | undefined => {
    const found = findDeviations(documentedSchema ?? known, value)
    return found.length + oddStatus.length > 0 ? [...oddStatus, ...found] : undefined
  }
  if (needed === false) return { value, findDeviations: deviations }
  const result = parseResponse(needed, value)
  if (!result.ok) throw fail(result.refusal.problem, { cause: result.refusal.cause })
  return { value: result.value, findDeviations: deviations }
}

/** Sends one attempt as the operations table defines it and parses the response. */
export async function attemptCall<Id extends OperationId>(
  transport: Transport,
  scope: CallScope,
  call: OperationCall<Id>,
  { endpoint, attempt }: { readonly endpoint: Endpoint; readonly attempt: Attempt },
): Promise<Success & { readonly status: number; readonly value: SuccessOf<Id> }> {
  const operation: Operation = operations[call.operationId]
  const request: Dispatcher.DispatchOptions = {
    origin: endpoint.origin,
    path: call.target ?? transport.targetOf(call.operationId),
    method: operation.method,
    headers: toHeaders(transport, operation, call, endpoint),
    body: typeof call.body === 'function' ? call.body() : (call.body ?? null),
    headersTimeout: transport.headersTimeoutMs,
    bodyTimeout: transport.headersTimeoutMs,
  }
  const { maxResponseBytes } = transport
  let sentAtMs: number | undefined
  const onSent = (): void => {
    sentAtMs = transport.now()
  }
  const toInfo = (): CallInfo => toAttemptInfo(call, attempt, sentAtMs)
  let response: RawResponse
  try {
    response = await dispatch(transport.dispatcher, request, { scope, onSent, maxResponseBytes })
  } catch (cause) {
    throw toTransportError(toInfo(), cause)
  }
  const { status } = response
  if (status >= 200 && status <= 299) {
    const success = readSuccess(transport, call, response, toInfo)
    return { ...success, status, value: success.value as SuccessOf<Id> }
  }
  throw readFailure(operation, toInfo(), {
    response,
    secrets: [...endpoint.credentials, ...(call.secrets ?? [])],
    nowMs: transport.now(),
  })
}

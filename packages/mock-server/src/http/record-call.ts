import type { IncomingMessage } from 'node:http'
import { callerHeader, type JournalRecord } from '../journal/record.ts'
import type { Logger } from '../logger.ts'
import { rulesOfService } from '../model/evidence.ts'
import { isTextType, redactPath } from '../redact/request.ts'
import type { Services } from '../services.ts'
import type { Updates } from '../updates.ts'
import { type Call, readAccountId } from './call.ts'
import { type Content, type Outcome, type ServiceResponse, toContent } from './response.ts'

/** The part of a request that a record is made from. */
interface HttpRequest {
  readonly method: string
  readonly originalUrl: string
  readonly rawHeaders: readonly string[]
}

/** Headers whose values are never recorded. */
const authorizing: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-lp-on-behalf',
  'x-api-key',
  'cookie',
])

/** Comparing lengths first saves most names a copy in lower case. */
const authorizingLengths: ReadonlySet<number> = new Set(
  [...authorizing].map(({ length }) => length),
)

const isAuthorizing = (name: string): boolean =>
  authorizingLengths.has(name.length) && authorizing.has(name.toLowerCase())

/** Names and values in turn, a line each, without the values that authorize. Joined, since a concatenation is retained as a tree. */
export function toHeaderLines(rawHeaders: readonly string[]): string {
  const lines = rawHeaders.slice()
  for (let index = 0; index < lines.length; index += 2)
    if (isAuthorizing(lines[index] ?? '')) lines[index + 1] = ''
  return lines.join('\n')
}

/** A name that is shown as it is: shorter than any token. */
const callerName = /^[\w.-]{1,40}$/

/** Who says to have made a call, by the header `x-sendbox-by`; another text than a short name is ignored. */
function readCaller(rawHeaders: readonly string[]): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length !== callerHeader.length || name.toLowerCase() !== callerHeader) continue
    const value = rawHeaders[index + 1] ?? ''
    return callerName.test(value) ? value : undefined
  }
  return undefined
}

/** Bytes recorded of a body that is no JSON. */
const maxTextBytes = 4096

/** Bytes that a record holds beside the request's own, and those of each problem. */
const recordBytes = 1024
const problemBytes = 256

const none: readonly never[] = []

const toText = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, maxTextBytes))

function toCallRecord(
  call: Call,
  { response, delivery, faultId }: Outcome,
  content: Content | undefined,
  durationMs: number,
): JournalRecord {
  const { request, bytes, json, subject, operationId } = call
  const facts = response?.facts
  const { diagnostics = none, problems = none } = facts ?? {}
  const bodyBytes = bytes.ok ? bytes.value.byteLength : undefined
  const isText =
    !json.ok &&
    bytes.ok &&
    bytes.value.byteLength > 0 &&
    operationId !== 'upload' &&
    isTextType(request.headers['content-type']?.toLowerCase() ?? '')
  const text = isText ? toText(bytes.value) : undefined
  const headers = toHeaderLines(request.rawHeaders)
  const responseJson = typeof content === 'string' ? content : undefined
  return {
    id: 0,
    time: call.receivedAt,
    operation: operationId,
    method: request.method,
    url: request.originalUrl,
    headers,
    by: readCaller(request.rawHeaders),
    json: json.ok ? json.text : undefined,
    reqId: subject.reqId,
    bodyBytes,
    text,
    consumerId: facts?.consumerId,
    extConsumerId: facts?.extConsumerId,
    conversationId: facts?.conversationId ?? subject.conversationId,
    types: subject.types,
    events: subject.events,
    status: response?.status,
    answerHeaders: response?.headers,
    answerJson: responseJson,
    answerBytes: response?.bytes?.byteLength,
    rules: response?.rules ?? none,
    diagnostics,
    problems,
    hint: facts?.hint,
    delivery,
    faultId,
    durationMs,
    sizeBytes:
      recordBytes +
      request.originalUrl.length +
      headers.length +
      (json.ok ? (bodyBytes ?? 0) : isText ? Math.min(bytes.value.byteLength, maxTextBytes) : 0) +
      (responseJson?.length ?? 0) +
      problemBytes * (diagnostics.length + problems.length),
  }
}

/** Logs each call; nothing of its headers, its query and its payload but the id of the conversation, and why it was refused. */
export const logCalls = (log: Logger, updates: Updates): void =>
  void updates.subscribe('call', ({ accountId, record }) => {
    if (log.isLevelEnabled?.('debug') !== false) logCall(log, accountId, record)
  })

function logCall(log: Logger, accountId: string | null, record: JournalRecord): void {
  const { operation, status, conversationId, rules, hint, faultId, delivery, durationMs } = record
  const [path = ''] = record.url.split('?', 1)
  const fields = {
    operation,
    ...(operation === undefined && { method: record.method, path: redactPath(path, []) }),
    status,
    accountId,
    conversationId,
    rules: rulesOfService(rules),
    ...(hint !== undefined && { hint }),
    ...(faultId !== undefined && { faultId, delivery }),
    durationMs: durationMs && Math.round(durationMs * 100) / 100,
  }
  log.debug(fields, 'call')
}

/** Records the outcome of a call in journal and metrics, publishes it, and returns the content of its response. */
export function recordCall(
  call: Call,
  outcome: Outcome,
  durationMs: number,
  { journals, metrics, updates }: Services,
): Content | undefined {
  const { accountId } = call
  const content = outcome.response && toContent(outcome.response)
  const record = toCallRecord(call, outcome, content, durationMs)
  journals.of(accountId).record(record)
  metrics.observe(record)
  void updates.publish('call', { accountId, record })
  return content
}

/** Records a request that is none of an operation, in the journal of the account that its path names, or in that of the mock; its body is not read. */
export const recordUnmatched = (
  request: HttpRequest,
  response: ServiceResponse,
  services: Services,
): void => recordMiss(readAccountId(request.originalUrl) ?? null, request, response, services)

/** The response to a request that is none of an operation; that to bytes which are no request at all has no status. */
type MissResponse = Omit<ServiceResponse, 'status'> & { readonly status?: number | undefined }

/** Records a request that is refused before its account is known, in the journal of the mock. */
export type RecordRefused = (
  request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>,
  response: MissResponse,
) => void

/** Creates the function that records refusals. */
export const createRefusalRecorder =
  (services: Services): RecordRefused =>
  ({ method = '', url = '', rawHeaders }, response) => {
    services.metrics.observeUnmatched(response.status)
    recordMiss(null, { method, originalUrl: url, rawHeaders }, response, services)
  }

function recordMiss(
  accountId: string | null,
  { method, originalUrl: url, rawHeaders }: HttpRequest,
  response: MissResponse,
  { clocks, journals, updates }: Services,
): void {
  const headers = toHeaderLines(rawHeaders)
  const content = toContent(response)
  const record: JournalRecord = {
    id: 0,
    time: clocks.now(accountId ?? ''),
    operation: undefined,
    method,
    url,
    headers,
    by: readCaller(rawHeaders),
    json: undefined,
    reqId: undefined,
    bodyBytes: undefined,
    text: undefined,
    consumerId: undefined,
    extConsumerId: undefined,
    conversationId: undefined,
    types: none,
    events: none,
    status: response.status,
    answerHeaders: response.headers,
    answerJson: typeof content === 'string' ? content : undefined,
    answerBytes: undefined,
    rules: response.rules ?? none,
    diagnostics: none,
    problems: response.facts?.problems ?? none,
    hint: response.facts?.hint,
    delivery: 'whole',
    faultId: undefined,
    durationMs: undefined,
    sizeBytes: recordBytes + url.length + headers.length,
  }
  journals.of(accountId).record(record)
  void updates.publish('call', { accountId, record })
}

import type { OperationId, Problem, RuleId } from '@sendbox/schema'
import type { Call } from '../http/call.ts'
import { type Content, type ServiceResponse, toContent } from '../http/response.ts'
import type { Outcome } from '../http/write-response.ts'

/** How a call ended on the wire; all but `whole` are the work of a fault. */
export const wireOutcomes = ['whole', 'hang', 'reset', 'truncated', 'malformed', 'lost'] as const
export type WireOutcome = (typeof wireOutcomes)[number]

/**
 * What a request and its answer left behind, as it came; it is read, put into words and redacted when it is shown. Text is kept in place of
 * the objects that it stands for: there are ten times as many of them, and the collector moves each one that is kept.
 */
export interface JournalRecord {
  /** Is given by the journal: 1 for the first record of an account. */
  id: number
  /** By the account's clock, in ms since the epoch. */
  readonly time: number
  /** Absent where the request is none of an operation. */
  readonly operation: OperationId | undefined
  readonly method: string
  readonly url: string
  /** Names and values in turn, a line each; the values of those that authorise are empty. */
  readonly headers: string
  /** The JSON that came, as text. */
  readonly json: string | undefined
  /** How many bytes came; absent where they were not read. */
  readonly bodyBytes: number | undefined
  /** The beginning of a body that should have been text, and is no JSON. */
  readonly text: string | undefined
  readonly consumerId: string | undefined
  readonly extConsumerId: string | undefined
  readonly conversationId: string | undefined
  readonly types: readonly string[]
  readonly events: readonly string[]
  readonly status: number | undefined
  readonly answerHeaders: ServiceResponse['headers']
  /** The JSON of the answer, as text. */
  readonly answerJson: string | undefined
  /** The size of an answer that is not JSON. */
  readonly answerBytes: number | undefined
  readonly rules: readonly RuleId[]
  readonly diagnostics: readonly Problem[]
  readonly problems: readonly Problem[]
  readonly delivery: WireOutcome
  readonly faultId: string | undefined
  /** Absent where the request is none of an operation. */
  readonly durationMs: number | undefined
  /** What the record holds on to, roughly, in bytes. */
  readonly sizeBytes: number
}

/** The part of a request that a record is made from. */
interface HttpRequest {
  readonly method: string
  readonly originalUrl: string
  readonly rawHeaders: readonly string[]
}

/** Their values are never kept. */
const authorizing: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-lp-on-behalf',
  'x-api-key',
  'cookie',
])

/** To compare lengths first saves most names from being copied into lower case. */
const authorizingLengths: ReadonlySet<number> = new Set(
  [...authorizing].map(({ length }) => length),
)

const isAuthorizing = (name: string): boolean =>
  authorizingLengths.has(name.length) && authorizing.has(name.toLowerCase())

/** Names and values in turn, as Node gives them. */
function withoutAuthorization(rawHeaders: readonly string[]): string[] {
  const kept = rawHeaders.slice()
  for (let place = 0; place < kept.length; place += 2)
    if (isAuthorizing(kept[place] ?? '')) kept[place + 1] = ''
  return kept
}

/** The URL of most calls is that of the one before: all their records then keep one text. */
class UsualUrl {
  #last = ''

  of(url: string): string {
    if (url !== this.#last) this.#last = url
    return this.#last
  }
}

/** So are the headers of a client: their lines are then not even made. */
class UsualHeaders {
  #last: readonly string[] = []
  #lines = ''

  of(rawHeaders: readonly string[]): string {
    if (!this.#areLast(rawHeaders)) {
      this.#last = withoutAuthorization(rawHeaders)
      this.#lines = this.#last.join('\n')
    }
    return this.#lines
  }

  #areLast(rawHeaders: readonly string[]): boolean {
    const last = this.#last
    if (rawHeaders.length !== last.length) return false
    for (let place = 0; place < last.length; place += 2) {
      if (rawHeaders[place] !== last[place]) return false
      const isSame = rawHeaders[place + 1] === last[place + 1]
      if (!isSame && !isAuthorizing(last[place] ?? '')) return false
    }
    return true
  }
}

const usualUrl = new UsualUrl()
const usualHeaders = new UsualHeaders()

/** How many bytes of a body that is no JSON are kept. */
const keptTextBytes = 4096

/** What a record takes beside the request's own bytes, and what each of its remarks takes. */
const recordBytes = 1024
const remarkBytes = 256

const none: readonly never[] = []

const toText = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, keptTextBytes))

const toJson = (content: Content | undefined): string | undefined =>
  typeof content === 'string' ? content : undefined

/** Makes the record of a call, where `content` is its answer's. */
export function toCallRecord(
  call: Call,
  outcome: Outcome,
  content: Content | undefined,
  durationMs: number,
): JournalRecord {
  const { request, bytes, json, notes, subject, operationId } = call
  const { diagnostics = none, problems = none } = notes
  const { answer } = outcome
  const bodyBytes = bytes.ok ? bytes.value.byteLength : undefined
  const isText = bodyBytes !== undefined && bodyBytes > 0 && !json.ok && operationId !== 'upload'
  const url = usualUrl.of(request.originalUrl)
  const headers = usualHeaders.of(request.rawHeaders)
  const keptBytes = isText ? Math.min(bodyBytes, keptTextBytes) : json.ok ? (bodyBytes ?? 0) : 0
  const answerJson = toJson(content)
  return {
    id: 0,
    time: call.receivedAt,
    operation: operationId,
    method: request.method,
    url,
    headers,
    json: json.ok ? json.text : undefined,
    bodyBytes,
    text: isText && bytes.ok ? toText(bytes.value) : undefined,
    consumerId: notes.consumerId,
    extConsumerId: notes.extConsumerId,
    conversationId: notes.conversationId ?? subject.conversationId,
    types: subject.types,
    events: subject.events,
    status: answer?.status,
    answerHeaders: answer?.headers,
    answerJson,
    answerBytes: answer?.bytes?.byteLength,
    rules: answer?.rules ?? none,
    diagnostics,
    problems,
    delivery: outcome.delivery,
    faultId: outcome.faultId,
    durationMs,
    sizeBytes:
      recordBytes +
      url.length +
      headers.length +
      keptBytes +
      (answerJson?.length ?? 0) +
      remarkBytes * (diagnostics.length + problems.length),
  }
}

/** Makes the record of a request that is none of an operation; its body is not read. */
export function toUnmatchedRecord(
  { method, originalUrl: url, rawHeaders }: HttpRequest,
  answer: ServiceResponse,
  time: number,
): JournalRecord {
  const headers = withoutAuthorization(rawHeaders).join('\n')
  return {
    id: 0,
    time,
    operation: undefined,
    method,
    url,
    headers,
    json: undefined,
    bodyBytes: undefined,
    text: undefined,
    consumerId: undefined,
    extConsumerId: undefined,
    conversationId: undefined,
    types: none,
    events: none,
    status: answer.status,
    answerHeaders: answer.headers,
    answerJson: toJson(toContent(answer)),
    answerBytes: undefined,
    rules: answer.rules ?? none,
    diagnostics: none,
    problems: none,
    delivery: 'whole',
    faultId: undefined,
    durationMs: undefined,
    sizeBytes: recordBytes + url.length + headers.length,
  }
}

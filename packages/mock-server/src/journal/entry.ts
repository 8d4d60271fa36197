import { type Evidence, evidenceLevels, type OperationId, operations } from '@sendbox/schema'
import { z } from 'zod'
import { rulesOfService, weakestEvidence } from '../model/evidence.ts'
import { redactBodyText, redactHeaders, redactPath, redactQuery } from '../redact/request.ts'
import { redactProblem, redactSecrets } from '../redact/secrets.ts'
import { type JournalRecord, wireOutcomes } from './record.ts'

/** The ids of the operations table. */
export const OperationIdSchema = z.enum(Object.keys(operations) as [OperationId, ...OperationId[]])

/** A problem or diagnostic; `path` is a JSON Pointer into the request's body, empty for what is not in it. */
export const PayloadProblemSchema = z.object({
  path: z.string(),
  expected: z.string(),
  received: z.string(),
  message: z.string(),
  rule: z.string(),
  evidence: z.enum(evidenceLevels),
})

/** A body that is not JSON: its size, and its beginning if it should have been text. */
const RawBodySchema = z.object({ bytes: z.int().min(0), text: z.string().exactOptional() })

/** One request of the journal with its response; every token and secret in it reads `<redacted>`. */
export const JournalEntrySchema = z.object({
  /** Counts the requests of the account from 1. */
  id: z.int().min(1),
  /** Time of receipt by the account's clock, in ms since the epoch. */
  time: z.number(),
  /** `null` if no operation has this method and path. */
  operation: OperationIdSchema.nullable(),
  method: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  /** Who made the call, by its header `x-sendbox-by`: 1 to 40 letters, digits, `.`, `_` and `-`; `resend` is the mock itself. */
  by: z.string().exactOptional(),
  /** The JSON of the request. */
  body: z.unknown().optional(),
  raw: RawBodySchema.exactOptional(),
  /** The `lp_consumer_id` and `ext_consumer_id` of a valid ConsumerJWS, also where the call was refused. */
  consumerId: z.string().exactOptional(),
  extConsumerId: z.string().exactOptional(),
  conversationId: z.string().exactOptional(),
  /** The types of the requests in the body, such as `ms.PublishEvent`; a batch has several. */
  types: z.array(z.string()).readonly(),
  /** The types of the events in the body, such as `ContentEvent`. */
  events: z.array(z.string()).readonly(),
  /** The id of the request in the body, as text. Rule: RES-2. */
  reqId: z.string().exactOptional(),
  /** The HTTP status of the response; absent if a fault ended the call without one. */
  status: z.int().exactOptional(),
  /** The response, as it was or would have been without the fault. */
  answer: z
    .object({
      headers: z.record(z.string(), z.string()),
      body: z.unknown().optional(),
      raw: RawBodySchema.exactOptional(),
    })
    .exactOptional(),
  /** The rules that decided the response, and the weakest evidence among them. Rule: RES-9. */
  rules: z.array(z.string()).readonly(),
  evidence: z.enum(evidenceLevels).exactOptional(),
  /** Rules that the payload violates without being refused. */
  diagnostics: z.array(PayloadProblemSchema).readonly(),
  /** Reasons why the call is refused, that of its status first. Rule: RES-9a. */
  problems: z.array(PayloadProblemSchema).readonly(),
  /** The fault that acted, and the wire outcome of the call. */
  fault: z
    .object({
      faultId: z.string(),
      delivery: z.enum(wireOutcomes),
    })
    .exactOptional(),
  /** From the request's headers to its response; the only field that differs between runs with one seed. Absent if `operation` is `null`. */
  durationMs: z.number().exactOptional(),
})
export type JournalEntry = z.output<typeof JournalEntrySchema>

/** The JSON of a record's request, if it has any. */
export const bodyOf = ({ json }: JournalRecord): unknown =>
  json === undefined ? undefined : JSON.parse(json)

/** Names and values of a record's headers, as they were sent. */
export function listHeaders(lines: string): [name: string, value: string][] {
  const namesAndValues = lines === '' ? [] : lines.split('\n')
  const headers: [string, string][] = []
  for (let index = 0; index < namesAndValues.length; index += 2)
    headers.push([namesAndValues[index] ?? '', namesAndValues[index + 1] ?? ''])
  return headers
}

/** Names in lower case; the values of a repeated name are joined, as Node does. */
function toHeaders(lines: string): Record<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of listHeaders(lines)) {
    const known = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`)
  }
  return Object.fromEntries(headers)
}

const toRaw = (bytes: number, text?: string): object => ({
  raw: { bytes, ...(text !== undefined && { text }) },
})

const toResponse = (
  { answerHeaders = {}, answerJson, answerBytes }: JournalRecord,
  secrets: readonly string[],
): object => ({
  headers: redactHeaders(answerHeaders, secrets),
  ...(answerJson !== undefined && { body: JSON.parse(answerJson) }),
  ...(answerBytes !== undefined && toRaw(answerBytes)),
})

const toPath = ({ operation, url }: JournalRecord, secrets: readonly string[]): string => {
  const [path = ''] = url.split('?', 1)
  return operation === undefined ? redactPath(path, secrets) : path
}

const evidenceOf = (rules: readonly string[], evidence: Evidence): object =>
  rules.length > 0 ? { evidence } : {}

/** Decodes a record, without the account's secrets and whatever else may be one. */
export function toJournalEntry(record: JournalRecord, secrets: readonly string[]): JournalEntry {
  const { url, text, bodyBytes = 0, status, faultId, delivery } = record
  const body = bodyOf(record)
  const headers = toHeaders(record.headers)
  const contentType = headers['content-type']?.toLowerCase() ?? ''
  const [, ...search] = url.split('?')
  const rules = rulesOfService(record.rules)
  const entry = {
    id: record.id,
    time: record.time,
    operation: record.operation ?? null,
    method: record.method,
    path: toPath(record, secrets),
    query: redactQuery(search.join('?'), secrets),
    headers: redactHeaders(headers, secrets),
    ...(record.by !== undefined && { by: record.by }),
    ...(body !== undefined && { body }),
    ...(body === undefined &&
      bodyBytes > 0 &&
      toRaw(bodyBytes, text && redactBodyText(text, contentType, secrets))),
    ...(record.consumerId !== undefined && { consumerId: record.consumerId }),
    ...(record.extConsumerId !== undefined && { extConsumerId: record.extConsumerId }),
    ...(record.conversationId !== undefined && { conversationId: record.conversationId }),
    types: record.types,
    events: record.events,
    ...(record.reqId !== undefined && { reqId: record.reqId }),
    ...(status !== undefined && { status, answer: toResponse(record, secrets) }),
    rules,
    ...evidenceOf(rules, weakestEvidence(rules)),
    diagnostics: record.diagnostics.map(problem => redactProblem(problem, secrets)),
    problems: record.problems.map(problem => redactProblem(problem, secrets)),
    ...(faultId !== undefined && { fault: { faultId, delivery } }),
    ...(record.durationMs !== undefined && { durationMs: record.durationMs }),
  }
  return redactSecrets(entry, secrets) as JournalEntry
}

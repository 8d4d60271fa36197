import { type Evidence, evidenceLevels, type OperationId, operations } from '@sendbox/schema'
import { z } from 'zod'
import { rulesOfService, weakestEvidence } from '../model/evidence.ts'
import { type JournalRecord, wireOutcomes } from './record.ts'

/** What a call can be of: the ids of the operations table. */
export const OperationIdSchema = z.enum(Object.keys(operations) as [OperationId, ...OperationId[]])

/** Something that is wrong with a payload, or that deserves a look; `path` is a JSON Pointer into the request's body. */
const RemarkSchema = z.object({
  path: z.string(),
  expected: z.string(),
  received: z.string(),
  message: z.string(),
  rule: z.string(),
  evidence: z.enum(evidenceLevels),
})

/** A body that is no JSON: its size, and its beginning where it should have been text. */
const RawBodySchema = z.object({ bytes: z.int().min(0), text: z.string().exactOptional() })

/** One request of the journal with its answer; every token and secret in it reads `<redacted>`. */
export const JournalEntrySchema = z.object({
  /** 1 for the first request of the account, then steps of 1. */
  id: z.int().min(1),
  /** When it came, by the account's clock, in ms since the epoch. */
  time: z.number(),
  /** Absent where no operation has this method and path. */
  operation: OperationIdSchema.exactOptional(),
  method: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  /** The JSON that came. */
  body: z.unknown().optional(),
  raw: RawBodySchema.exactOptional(),
  /** The `lp_consumer_id` and `ext_consumer_id` of the tokens, where they are good. */
  consumerId: z.string().exactOptional(),
  extConsumerId: z.string().exactOptional(),
  conversationId: z.string().exactOptional(),
  /** The types of the requests in the body, such as `ms.PublishEvent`; a batch has several. */
  types: z.array(z.string()).readonly(),
  /** The types of the events in the body, such as `ContentEvent`. */
  events: z.array(z.string()).readonly(),
  /** The id of the request in the body, as text. Rule: RES-2. */
  reqId: z.string().exactOptional(),
  /** The HTTP status of the answer; absent where a fault gave none. */
  status: z.int().exactOptional(),
  /** What the mock answered, or would have answered without the fault. */
  answer: z
    .object({
      headers: z.record(z.string(), z.string()),
      body: z.unknown().optional(),
      raw: RawBodySchema.exactOptional(),
    })
    .exactOptional(),
  /** The rules that decided the answer, and the weakest evidence among them. Rule: RES-9. */
  rules: z.array(z.string()).readonly(),
  evidence: z.enum(evidenceLevels).exactOptional(),
  /** What was taken in spite of something. */
  diagnostics: z.array(RemarkSchema).readonly(),
  /** All that was wrong with the payload. */
  problems: z.array(RemarkSchema).readonly(),
  /** The fault that acted, and how the call ended on the wire. */
  fault: z
    .object({
      faultId: z.string(),
      delivery: z.enum(wireOutcomes),
    })
    .exactOptional(),
  /** From the request's headers to its answer; the only thing that is not repeated by a seed. Absent where `operation` is. */
  durationMs: z.number().exactOptional(),
})
export type JournalEntry = z.output<typeof JournalEntrySchema>

/** The JSON that came, where there was some. */
export const bodyOf = ({ json }: JournalRecord): unknown =>
  json === undefined ? undefined : JSON.parse(json)

/** Copies a value without its secrets. */
export type Redact = (value: unknown) => unknown

function toQuery(search: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(search)
  return Object.fromEntries(
    [...new Set(parameters.keys())].map(name => {
      const [first = '', ...others] = parameters.getAll(name)
      return [name, others.length === 0 ? first : [first, ...others]]
    }),
  )
}

/** Names are in lower case; the values of a name that is repeated are joined, as Node does. */
function toHeaders(lines: string): Record<string, string> {
  const headers = new Map<string, string>()
  const namesAndValues = lines === '' ? [] : lines.split('\n')
  for (let place = 0; place < namesAndValues.length; place += 2) {
    const [name = '', value = ''] = namesAndValues.slice(place, place + 2)
    const known = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`)
  }
  return Object.fromEntries(headers)
}

const toRaw = (bytes: number, text?: string): object => ({
  raw: { bytes, ...(text !== undefined && { text }) },
})

const toAnswer = ({ answerHeaders = {}, answerJson, answerBytes }: JournalRecord): object => ({
  headers: answerHeaders,
  ...(answerJson !== undefined && { body: JSON.parse(answerJson) }),
  ...(answerBytes !== undefined && toRaw(answerBytes)),
})

const evidenceOf = (rules: readonly string[], evidence: Evidence): object =>
  rules.length > 0 ? { evidence } : {}

/** Shows a record without its secrets. */
export function toJournalEntry(record: JournalRecord, redact: Redact): JournalEntry {
  const { url, bodyBytes = 0, status, faultId, delivery } = record
  const body = bodyOf(record)
  const [path = '', ...search] = url.split('?')
  const rules = rulesOfService(record.rules)
  const shown = {
    id: record.id,
    time: record.time,
    ...(record.operation && { operation: record.operation }),
    method: record.method,
    path,
    query: toQuery(search.join('?')),
    headers: toHeaders(record.headers),
    ...(body !== undefined && { body }),
    ...(body === undefined && bodyBytes > 0 && toRaw(bodyBytes, record.text)),
    ...(record.consumerId !== undefined && { consumerId: record.consumerId }),
    ...(record.extConsumerId !== undefined && { extConsumerId: record.extConsumerId }),
    ...(record.conversationId !== undefined && { conversationId: record.conversationId }),
    types: record.types,
    events: record.events,
    ...(record.reqId !== undefined && { reqId: record.reqId }),
    ...(status !== undefined && { status, answer: toAnswer(record) }),
    rules,
    ...evidenceOf(rules, weakestEvidence(rules)),
    diagnostics: record.diagnostics,
    problems: record.problems,
    ...(faultId !== undefined && { fault: { faultId, delivery } }),
    ...(record.durationMs !== undefined && { durationMs: record.durationMs }),
  }
  return redact(shown) as JournalEntry
}

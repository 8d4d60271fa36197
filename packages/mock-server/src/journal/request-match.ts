import { z } from 'zod'
import { OperationIdSchema } from './entry.ts'
import type { JournalRecord } from './record.ts'

/** Match criteria of requests; an omitted field matches anything, an unknown one is refused. */
export const RequestMatchSchema = z.strictObject({
  /** `null` for requests that are calls of none, which no other match counts. */
  operation: OperationIdSchema.nullable().exactOptional(),
  conversationId: z.string().exactOptional(),
  /** The `lp_consumer_id` or the `ext_consumer_id`. */
  consumer: z.string().exactOptional(),
  /** The type of a request in the body, such as `ms.PublishEvent`. */
  type: z.string().exactOptional(),
  /** The type of an event in the body, such as `ContentEvent`. */
  event: z.string().exactOptional(),
  /** The HTTP status of the response. */
  status: z.int().min(100).max(599).exactOptional(),
  /** Who made the call, by its header `x-sendbox-by`. */
  by: z.string().exactOptional(),
  /** Only requests after the one with this id. */
  after: z.int().min(0).exactOptional(),
})
export type RequestMatch = z.output<typeof RequestMatchSchema>

/** The query parameters of a journal's list. */
export const RequestQuerySchema = RequestMatchSchema.extend({
  /** `null` lists the requests that are calls of none alone; without it they are listed among the others. */
  operation: z
    .enum([...OperationIdSchema.options, 'null'])
    .nullable()
    .exactOptional(),
  status: z.coerce.number().int().min(100).max(599).exactOptional(),
  after: z.coerce.number().int().min(0).exactOptional(),
  /** Only requests before the one with this id. */
  before: z.coerce.number().int().min(1).exactOptional(),
  /** The maximum number of requests: the first ones after `after` if it is given, else the newest. */
  limit: z.coerce.number().int().min(1).exactOptional(),
})
export type RequestQuery = z.output<typeof RequestQuerySchema>

/** A field of a match that is compared to values of a record. */
export type MatchField = Exclude<keyof RequestMatch, 'after'>

const none: readonly never[] = []

const oneOf = <Value>(value: Value | undefined): readonly Value[] =>
  value === undefined ? none : [value]

/** The values of a record for each field, and the JSON Pointer to them in its entry. */
export const matchFields: {
  readonly [Field in MatchField]: {
    readonly pointer: string
    valuesOf(record: JournalRecord): readonly (string | number)[]
  }
} = {
  operation: { pointer: '/operation', valuesOf: ({ operation }) => oneOf(operation) },
  conversationId: {
    pointer: '/conversationId',
    valuesOf: ({ conversationId }) => oneOf(conversationId),
  },
  consumer: {
    pointer: '/consumerId',
    valuesOf: ({ extConsumerId, consumerId }) => [...oneOf(extConsumerId), ...oneOf(consumerId)],
  },
  type: { pointer: '/types', valuesOf: ({ types }) => types },
  event: { pointer: '/events', valuesOf: ({ events }) => events },
  status: { pointer: '/status', valuesOf: ({ status }) => oneOf(status) },
  by: { pointer: '/by', valuesOf: ({ by }) => oneOf(by) },
}

/** The criteria of a match: each given field with its value. */
export const criteriaOf = (
  match: RequestMatch | RequestQuery,
): [MatchField, string | number | null][] =>
  (Object.keys(matchFields) as MatchField[]).flatMap(field => {
    const wanted = match[field]
    return wanted === undefined
      ? []
      : [[field, field === 'operation' && wanted === 'null' ? null : wanted]]
  })

/** Whether a criterion is met by the values of a record; `null` wants none. A query, which is text, writes it as `'null'`. */
export const isMet = (
  wanted: string | number | null,
  values: readonly (string | number)[],
): boolean => (wanted === null ? values.length === 0 : values.includes(wanted))

/** Creates a predicate: true if a record matches every given criterion. */
export function toPredicate(
  match: RequestMatch | RequestQuery,
): (record: JournalRecord) => boolean {
  const criteria = criteriaOf(match)
  const { after = 0 } = match
  const { before = Number.POSITIVE_INFINITY } = match as RequestQuery
  return record =>
    record.id > after &&
    record.id < before &&
    criteria.every(([field, wanted]) => isMet(wanted, matchFields[field].valuesOf(record)))
}

/** Creates a predicate for requests that are counted: as {@link toPredicate}, but a match without `operation` counts no misses. */
export function toCounted(match: RequestMatch): (record: JournalRecord) => boolean {
  const matches = toPredicate(match)
  return record =>
    (match.operation !== undefined || record.operation !== undefined) && matches(record)
}

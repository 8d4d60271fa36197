/** What a payload is about, as far as it can be read; a batch lists all its types and events. */
export interface RequestSubject {
  /** The types of the requests, such as `ms.PublishEvent`. */
  readonly types: readonly string[]
  /** The types of the events, such as `ContentEvent`. */
  readonly events: readonly string[]
  /** The conversation that the first request names, else its dialog: a main dialog has the id of its conversation. Rule: PUB-1. */
  readonly conversationId?: string | undefined
  /** The id of a single request, as its response repeats it. Rules: REQ-2, RES-2. */
  readonly reqId?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

const none: Fields = {}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : none

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const eventTypeOf = (request: unknown): unknown =>
  fieldsOf(fieldsOf(fieldsOf(request)['body'])['event'])['type']

/** The id of a request as its response repeats it; `undefined` where it cannot be read. Rules: REQ-2, RES-2. */
export function readRequestId(request: unknown): string | undefined {
  const { id } = fieldsOf(request)
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/** The type of a request, if it has one. */
export const readRequestType = (request: unknown): string | undefined =>
  textOf(fieldsOf(request)['type'])

/** Reads what a payload is about; it need not be valid. */
export function toRequestSubject(payload: unknown): RequestSubject {
  const requests: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  const body = fieldsOf(fieldsOf(requests[0])['body'])
  const isText = (value: unknown): value is string => typeof value === 'string'
  return {
    types: requests.map(request => fieldsOf(request)['type']).filter(isText),
    events: requests.map(eventTypeOf).filter(isText),
    conversationId: textOf(body['conversationId']) ?? textOf(body['dialogId']),
    reqId: readRequestId(payload),
  }
}

/** What a payload is about, as far as it can be read; a batch names all its types and events. */
export interface RequestSubject {
  /** The types of the requests, such as `ms.PublishEvent`. */
  readonly types: readonly string[]
  /** The types of the events, such as `ContentEvent`. */
  readonly events: readonly string[]
  /** The conversation that the first request names; a dialog's id where there is none, as a main dialog bears its conversation's. Rule: PUB-1. */
  readonly conversationId?: string | undefined
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

const textOf = (value: unknown, name: string): string | undefined => {
  const field = fieldOf(value, name)
  return typeof field === 'string' ? field : undefined
}

const none: readonly string[] = []

/** Most payloads are one request of a few types: the journal keeps the same list for each of these. */
const maxCached = 100
const maxCachedLength = 64
const remembered = new Map<string, readonly string[]>()

function listOf(text: string | undefined): readonly string[] {
  if (text === undefined) return none
  const known = remembered.get(text)
  if (known) return known
  const list = [text]
  const isWorthIt = text.length <= maxCachedLength && remembered.size < maxCached
  if (isWorthIt) remembered.set(text, list)
  return list
}

/** Reads one field of each request. */
const textsOf = (
  requests: readonly unknown[],
  read: (request: unknown) => string | undefined,
): readonly string[] =>
  requests.length === 1
    ? listOf(read(requests[0]))
    : requests.flatMap(request => listOf(read(request)))

const typeOf = (request: unknown): string | undefined => textOf(request, 'type')

const eventOf = (request: unknown): string | undefined =>
  textOf(fieldOf(fieldOf(request, 'body'), 'event'), 'type')

/** Reads what a payload is about; it need not be valid. */
export function toRequestSubject(payload: unknown): RequestSubject {
  const requests: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  const body = fieldOf(requests[0], 'body')
  return {
    types: textsOf(requests, typeOf),
    events: textsOf(requests, eventOf),
    conversationId: textOf(body, 'conversationId') ?? textOf(body, 'dialogId'),
  }
}

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

/** Reads one field of each request; most payloads are one request. */
function textsOf(
  requests: readonly unknown[],
  read: (request: unknown) => string | undefined,
): string[] {
  const texts: string[] = []
  for (const request of requests) {
    const text = read(request)
    if (text !== undefined) texts.push(text)
  }
  return texts
}

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

/** What a payload is about, as far as it can be read; a batch names all its types and events. */
export interface RequestSubject {
  /** The types of the requests, such as `ms.PublishEvent`. */
  readonly types: readonly string[]
  /** The types of the events, such as `ContentEvent`. */
  readonly events: readonly string[]
  /** The conversation that the first request names; a dialog's id where there is none, as a main dialog bears its conversation's. Rule: PUB-1. */
  readonly conversationId?: string
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

const textOf = (value: unknown, name: string): string | undefined => {
  const field = fieldOf(value, name)
  return typeof field === 'string' ? field : undefined
}

const isText = (value: string | undefined): value is string => value !== undefined

/** Reads what a payload is about; it need not be valid. */
export function toRequestSubject(payload: unknown): RequestSubject {
  const requests: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  const types = requests.map(request => textOf(request, 'type')).filter(isText)
  const events = requests
    .map(request => textOf(fieldOf(fieldOf(request, 'body'), 'event'), 'type'))
    .filter(isText)
  const body = fieldOf(requests[0], 'body')
  const conversationId = textOf(body, 'conversationId') ?? textOf(body, 'dialogId')
  return { types, events, ...(conversationId !== undefined && { conversationId }) }
}

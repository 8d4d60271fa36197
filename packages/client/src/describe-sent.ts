import type { SentRequest } from './client-error.ts'
import { isRecord } from './is-record.ts'

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** Whose event it is; `conversationId` where it is known and the request does not name it. */
interface EventContext {
  readonly consumer: string
  readonly conversationId: string | undefined
  readonly sentAtMs: number
}

/** Tells of an event by the bytes that left, as the caller may have changed the request since. */
export function describeSentEvent(json: string, context: EventContext): SentRequest {
  const { consumer, sentAtMs } = context
  const request: unknown = JSON.parse(json)
  const { id, body } = isRecord(request) ? request : {}
  const { dialogId, conversationId, event } = isRecord(body) ? body : {}
  const sent: SentRequest = {
    operation: 'send',
    consumer,
    requestId: String(id),
    dialogId: textOf(dialogId),
    conversationId: textOf(conversationId) ?? context.conversationId,
    sentAtMs,
  }
  return Object.defineProperty(sent, 'event', { value: event })
}

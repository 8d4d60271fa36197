import { createHash } from 'node:crypto'
import { conversationChangeType, messagingEventType, type Notification } from '@sendbox/schema'
import type { EventPosition } from './reorder-buffer.ts'

/** Conversation, position and deduplication key of a notification. */
export interface WebhookIdentity {
  readonly conversationId: string
  /** Absent for events without a number. */
  readonly position: EventPosition | undefined
  /** Equal key and version: a duplicate. Equal key, another version: replaces the last. */
  readonly key: string
  readonly version: string
}

const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')

/**
 * Identifies numbered events by their number, a chat state by its participant with the state as the
 * version, and everything else by the hash of its bytes. Rules: SEQ-1, SEQ-4, CS-2.
 */
export function identifyNotification(
  notification: Notification,
  body: Uint8Array,
): WebhookIdentity {
  const [change] =
    notification.type === messagingEventType ? notification.body.changes : [undefined]
  if (change === undefined) {
    const [state] = notification.type === conversationChangeType ? notification.body.changes : []
    const conversationId = state?.type === 'UPSERT' ? state.result.convId : ''
    const key = JSON.stringify([conversationId, hashOf(body)])
    return { conversationId, position: undefined, key, version: '' }
  }
  const { dialogId, conversationId = dialogId, sequence, originatorId, event } = change
  const toKey = (...parts: readonly (string | number)[]): string =>
    JSON.stringify([conversationId, dialogId, ...parts])
  if (event.type === 'ChatStateEvent') {
    const key = toKey('chatState', originatorId)
    return { conversationId, position: undefined, key, version: String(event.chatState) }
  }
  if (sequence === undefined) {
    return { conversationId, position: undefined, key: toKey(hashOf(body)), version: '' }
  }
  return { conversationId, position: { dialogId, sequence }, key: toKey(sequence), version: '' }
}

import { createHash } from 'node:crypto'
import type { Notification } from '@sendbox/schema'
import type { WebhookPlace } from './reorder-buffer.ts'

/** What a notification is about, and what a duplicate of it has in common with it. */
export interface WebhookIdentity {
  readonly conversationId: string
  /** Where a numbered event stands. */
  readonly place: WebhookPlace | undefined
  /** Two notifications with the same key and version are duplicates; another version replaces the last. */
  readonly key: string
  readonly version: string
}

const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')

/**
 * Numbered events are known by their number. A chat state has neither number nor time, so only one that
 * says what its participant's last one said is a duplicate; the rest is known by its bytes. Rules: SEQ-1,
 * SEQ-4, CS-2.
 */
export function identifyNotification(
  notification: Notification,
  body: Uint8Array,
): WebhookIdentity {
  if (notification.type === 'cqm.ExConversationChangeNotification') {
    const conversationId = notification.body.changes[0].result.convId
    const key = JSON.stringify([conversationId, hashOf(body)])
    return { conversationId, place: undefined, key, version: '' }
  }
  const { conversationId, dialogId, sequence, originatorId, event } = notification.body.changes[0]
  const toKey = (...parts: readonly (string | number)[]): string =>
    JSON.stringify([conversationId, dialogId, ...parts])
  if (event.type === 'ChatStateEvent') {
    const key = toKey('chatState', originatorId)
    return { conversationId, place: undefined, key, version: event.chatState }
  }
  if (sequence === undefined) {
    return { conversationId, place: undefined, key: toKey(hashOf(body)), version: '' }
  }
  return { conversationId, place: { dialogId, sequence }, key: toKey(sequence), version: '' }
}

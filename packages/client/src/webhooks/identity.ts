import { createHash } from 'node:crypto'
import { isRecord } from '@sendbox/schema'
import type { EventPosition } from './reorder-buffer.ts'
import type { RoutedChange } from './route-change.ts'

/** Conversation, position and deduplication key of a change. */
export interface ChangeIdentity {
  readonly conversationId: string
  /** Absent for changes without a number. */
  readonly position: EventPosition | undefined
  /** Equal key and version: a duplicate. Equal key, another version: replaces the last. */
  readonly key: string
  readonly version: string
}

const hashOf = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64')

/** A change within its delivery. */
export interface ReceivedChange {
  /** The `type` of the notification. */
  readonly type: unknown
  readonly change: unknown
  readonly index: number
  readonly body: Uint8Array
}

/** Hash of the change's own JSON; of the body where the change is nested too deeply to write it. */
function hashOfChange({ type, change, index, body }: ReceivedChange): string {
  try {
    return hashOf(JSON.stringify([type, change]))
  } catch {
    return hashOf(`${index} ${hashOf(body)}`)
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** Number and dialog of any change that has both, known or not: they share the numbers of the dialog. */
function positionOf(change: Readonly<Record<string, unknown>>): EventPosition | undefined {
  const { dialogId, sequence } = change
  return typeof dialogId === 'string' && Number.isSafeInteger(sequence) && Number(sequence) >= 0
    ? { dialogId, sequence: Number(sequence) }
    : undefined
}

/**
 * Identifies numbered events by their number, a chat state by its participant with the state as the version, and all else by
 * the hash of its JSON. Rules: SEQ-1, SEQ-4, CS-2.
 */
export function identifyChange(received: ReceivedChange, routed: RoutedChange): ChangeIdentity {
  const hashed = { position: undefined, version: '' }
  if (routed.handler === 'ExConversationChangeNotification') {
    const conversationId = routed.change.result.convId
    return { ...hashed, conversationId, key: JSON.stringify([hashOfChange(received)]) }
  }
  const fields = isRecord(routed.change) ? routed.change : {}
  const position = positionOf(fields)
  if (routed.handler === 'onUnknown') {
    const key = JSON.stringify([hashOfChange(received)])
    const conversationId = textOf(fields['conversationId']) ?? textOf(fields['dialogId']) ?? key
    return { conversationId, position, key, version: '' }
  }
  const { conversationId, dialogId, originatorId, event } = routed.change
  const toKey = (...parts: readonly (string | number)[]): string =>
    JSON.stringify([conversationId, dialogId, ...parts])
  if (event.type === 'ChatStateEvent') {
    const key = toKey(routed.handler, originatorId)
    return { conversationId, position: undefined, key, version: String(event.chatState) }
  }
  const key = toKey(position?.sequence ?? hashOfChange(received))
  return { conversationId, position, key, version: '' }
}

import {
  contentTypes,
  conversationChangeType,
  type EventType,
  type ExConversationChange,
  ExConversationChangeSchema,
  eventTypes,
  isRecord,
  MessagingEventChangeSchema,
  messagingEventType,
  type NotifiedEvent,
} from '@sendbox/schema'
import type { NotifiedChange, UnknownReason } from './options.ts'

/** A change with the handler that it is for. */
export type RoutedChange =
  | { readonly handler: EventType | 'PrivateNote'; readonly change: NotifiedChange<EventType> }
  | { readonly handler: 'ExConversationChangeNotification'; readonly change: ExConversationChange }
  | { readonly handler: 'onUnknown'; readonly change: unknown; readonly reason: UnknownReason }

type KnownEvent = NotifiedChange<EventType>['event']

const isKnownEvent = (event: NotifiedEvent): event is KnownEvent =>
  (eventTypes as readonly string[]).includes(event.type) &&
  (event.type !== 'ContentEvent' || (contentTypes as readonly string[]).includes(event.contentType))

const unknown = (change: unknown, reason: UnknownReason): RoutedChange => ({
  handler: 'onUnknown',
  change,
  reason,
})

function routeEvent(change: object, audience: unknown): RoutedChange {
  const isPrivate = audience === 'AGENTS_AND_MANAGERS'
  if (!isPrivate && audience !== undefined && audience !== 'ALL') return unknown(change, 'audience')
  const parsed = MessagingEventChangeSchema.safeParse(change)
  if (!parsed.success) return unknown(change, 'form')
  const { event, conversationId = parsed.data.dialogId } = parsed.data
  if (!isKnownEvent(event)) return unknown(change, 'type')
  return {
    handler: isPrivate ? 'PrivateNote' : event.type,
    change: { ...parsed.data, conversationId, event },
  }
}

/** Finds the handler of a change by the type of its notification, its audience and its form. Rules: WH-4.3, WH-4a, PUB-2a. */
export function routeChange(type: unknown, change: unknown): RoutedChange {
  if (!isRecord(change)) return unknown(change, 'form')
  const { messageAudience: audience } = change
  if (type === messagingEventType) return routeEvent(change, audience)
  if (audience !== undefined && audience !== 'ALL') return unknown(change, 'audience')
  if (type !== conversationChangeType || change['type'] !== 'UPSERT') return unknown(change, 'type')
  const parsed = ExConversationChangeSchema.safeParse(change)
  if (!parsed.success) return unknown(change, 'form')
  return { handler: 'ExConversationChangeNotification', change: parsed.data }
}

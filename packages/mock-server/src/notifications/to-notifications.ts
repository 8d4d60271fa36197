import {
  conversationChangeType,
  eventTypes,
  isRecord,
  messagingEventType,
  toWebhookEventType,
  type WebhookEventType,
  webhookEventTypes,
} from '@sendbox/schema'
import type { ModelEvent } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { WebhookSettings } from '../settings.ts'
import { toConversationChange } from './conversation.ts'
import { toChatStateChange, toCountedChange } from './messaging.ts'

/** A conversation after a transition, and the events of that transition. */
interface ChangedConversation {
  readonly accountId: string
  readonly state: ConversationState
  readonly events: readonly ModelEvent[]
  /** In ms since the epoch. */
  readonly now: number
}

/** A notification for the webhooks of one event type, in the bytes that are sent. */
export interface OutgoingNotification {
  readonly eventType: WebhookEventType
  readonly conversationId: string
  /** Compact JSON. Rule: WH-4. */
  readonly body: string
}

type IsRegistered = (eventType: WebhookEventType) => boolean

/** The body of a notification; that of a changed conversation is timed, unless it has the 2018 form. Rule: WH-4. */
function toBody(
  type: string,
  changes: readonly unknown[],
  sentTs: number,
  { form }: WebhookSettings,
): string {
  const isTimed = type === conversationChangeType && form !== '2018'
  return JSON.stringify({
    kind: 'notification',
    body: { ...(isTimed && { sentTs }), changes },
    type,
  })
}

const messageTypes: readonly string[] = ['ContentEvent', 'RichContentEvent']

/**
 * The notifications of a transition, in the order of its events, for the event types that an install registers; those of the consumer's
 * own events included. Rules: WH-4, WH-6, WH-7, WH-7a.
 */
export function toNotifications(
  { accountId, state, events, now }: ChangedConversation,
  settings: WebhookSettings,
  isRegistered: IsRegistered,
): OutgoingNotification[] {
  const { conversationId } = state
  const outgoing: OutgoingNotification[] = []
  const add = (eventType: WebhookEventType, type: string, toChange: () => unknown): void => {
    if (!isRegistered(eventType)) return
    outgoing.push({ eventType, conversationId, body: toBody(type, [toChange()], now, settings) })
  }
  const addConversation = (changed: ConversationState): void =>
    add(conversationChangeType, conversationChangeType, () =>
      toConversationChange(changed, accountId, settings),
    )
  const isSurvey = (id: string): boolean =>
    state.dialogs.find(({ dialogId }) => dialogId === id)?.dialogType === 'POST_SURVEY'
  for (const event of events) {
    if (event.type === 'conversationChanged') {
      addConversation(event.state)
      continue
    }
    const place = { conversationId, dialogId: event.dialogId }
    if (event.type === 'chatStateChanged') {
      const { chatState } = event.entry
      if (chatState === null) continue
      add(toWebhookEventType('ChatStateEvent'), messagingEventType, () =>
        toChatStateChange({ ...event.entry, chatState }, place, settings),
      )
      continue
    }
    const { type } = event.entry.event
    add(toWebhookEventType(type), messagingEventType, () =>
      toCountedChange(event.entry, place, settings),
    )
    if (settings.surveyExConversation && messageTypes.includes(type) && isSurvey(event.dialogId))
      addConversation(state)
  }
  return outgoing
}

/** A notification of changes that a user gives, whatever they are. */
interface RawNotification {
  readonly type: string
  readonly changes: readonly unknown[]
}

const eventTypeOf = (change: unknown): unknown =>
  isRecord(change) && isRecord(change['event']) ? change['event']['type'] : undefined

/**
 * The event type whose webhook receives a raw notification: that of its `type` or else of its first change of a known type; the first one
 * that is registered where it has none, or nobody registers it.
 */
function toRawEventType(
  { type, changes }: RawNotification,
  isRegistered: IsRegistered,
): WebhookEventType | undefined {
  const named = changes.map(eventTypeOf)
  const known = eventTypes.find(eventType => named.includes(eventType))
  const own = type === conversationChangeType ? type : known && toWebhookEventType(known)
  return own && isRegistered(own) ? own : webhookEventTypes.find(isRegistered)
}

/** The notification of raw changes, if a webhook is registered for any event type. */
export function toRawNotifications(
  raw: RawNotification,
  { conversationId, now }: { readonly conversationId: string; readonly now: number },
  settings: WebhookSettings,
  isRegistered: IsRegistered,
): OutgoingNotification[] {
  const eventType = toRawEventType(raw, isRegistered)
  if (eventType === undefined) return []
  return [{ eventType, conversationId, body: toBody(raw.type, raw.changes, now, settings) }]
}

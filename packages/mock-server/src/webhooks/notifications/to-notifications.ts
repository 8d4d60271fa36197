import type { Notification, PublishedEvent, WebhookEventType } from '@sendbox/schema'
import type { WebhookSettings } from '../../settings.ts'
import type { ConversationUpdate } from '../../store/conversations.ts'
import { toConversationNotification } from './conversation.ts'
import {
  toChatStateNotification,
  toCountedNotification,
  toMessagingEventType,
} from './messaging.ts'

/** What webhooks of one event type are told, in the bytes that are sent. */
export interface OutgoingNotification {
  readonly eventType: WebhookEventType
  readonly conversationId: string
  /** Compact JSON. Rule: WH-4. */
  readonly body: string
}

const changeType = 'cqm.ExConversationChangeNotification'

const messageTypes: readonly PublishedEvent['type'][] = ['ContentEvent', 'RichContentEvent']

/**
 * Puts a step into the notifications of the event types that somebody wants, in the order of its events; a consumer's own are among
 * them. Rules: WH-4, WH-6, WH-7, WH-7a.
 */
export function toNotifications(
  { accountId, state, events }: ConversationUpdate,
  settings: WebhookSettings,
  isWanted: (eventType: WebhookEventType) => boolean,
): OutgoingNotification[] {
  const { conversationId } = state
  const outgoing: OutgoingNotification[] = []
  const tell = (eventType: WebhookEventType, toNotification: () => Notification): void => {
    if (isWanted(eventType))
      outgoing.push({ eventType, conversationId, body: JSON.stringify(toNotification()) })
  }
  const isSurvey = (id: string): boolean =>
    state.dialogs.find(({ dialogId }) => dialogId === id)?.dialogType === 'POST_SURVEY'
  for (const event of events) {
    if (event.type === 'conversationChanged') {
      tell(changeType, () => toConversationNotification(event.state, accountId))
      continue
    }
    const place = { conversationId, dialogId: event.dialogId }
    if (event.type === 'chatStateChanged') {
      const { chatState } = event.entry
      if (chatState === null) continue
      tell(toMessagingEventType('ChatStateEvent'), () =>
        toChatStateNotification({ ...event.entry, chatState }, place),
      )
      continue
    }
    const { type } = event.entry.event
    tell(toMessagingEventType(type), () => toCountedNotification(event.entry, place, settings))
    if (settings.surveyExConversation && messageTypes.includes(type) && isSurvey(event.dialogId))
      tell(changeType, () => toConversationNotification(state, accountId))
  }
  return outgoing
}

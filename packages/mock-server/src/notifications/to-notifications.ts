import type { PublishedEvent, SentNotification, WebhookEventType } from '@sendbox/schema'
import type { ModelEvent } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { WebhookSettings } from '../settings.ts'
import { toConversationNotification } from './conversation.ts'
import {
  toChatStateNotification,
  toCountedNotification,
  toMessagingEventType,
} from './messaging.ts'

/** A conversation after a transition, and the events of that transition. */
interface ChangedConversation {
  readonly accountId: string
  readonly state: ConversationState
  readonly events: readonly ModelEvent[]
}

/** A notification for the webhooks of one event type, in the bytes that are sent. */
export interface OutgoingNotification {
  readonly eventType: WebhookEventType
  readonly conversationId: string
  /** Compact JSON. Rule: WH-4. */
  readonly body: string
}

const changeType = 'cqm.ExConversationChangeNotification'

const messageTypes: readonly PublishedEvent['type'][] = ['ContentEvent', 'RichContentEvent']

/**
 * The notifications of a transition, in the order of its events, for the event types that an install registers; those of the consumer's
 * own events included. Rules: WH-4, WH-6, WH-7, WH-7a.
 */
export function toNotifications(
  { accountId, state, events }: ChangedConversation,
  settings: WebhookSettings,
  isRegistered: (eventType: WebhookEventType) => boolean,
): OutgoingNotification[] {
  const { conversationId } = state
  const outgoing: OutgoingNotification[] = []
  const add = (eventType: WebhookEventType, toNotification: () => SentNotification): void => {
    if (isRegistered(eventType))
      outgoing.push({ eventType, conversationId, body: JSON.stringify(toNotification()) })
  }
  const isSurvey = (id: string): boolean =>
    state.dialogs.find(({ dialogId }) => dialogId === id)?.dialogType === 'POST_SURVEY'
  for (const event of events) {
    if (event.type === 'conversationChanged') {
      add(changeType, () => toConversationNotification(event.state, accountId))
      continue
    }
    const place = { conversationId, dialogId: event.dialogId }
    if (event.type === 'chatStateChanged') {
      const { chatState } = event.entry
      if (chatState === null) continue
      add(toMessagingEventType('ChatStateEvent'), () =>
        toChatStateNotification({ ...event.entry, chatState }, place),
      )
      continue
    }
    const { type } = event.entry.event
    add(toMessagingEventType(type), () => toCountedNotification(event.entry, place, settings))
    if (settings.surveyExConversation && messageTypes.includes(type) && isSurvey(event.dialogId))
      add(changeType, () => toConversationNotification(state, accountId))
  }
  return outgoing
}

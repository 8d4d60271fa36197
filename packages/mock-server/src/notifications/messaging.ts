import {
  type ChatState,
  isRecord,
  type PublishedEvent,
  type SentEventChange,
  type SentEventNotification,
  type SentNotifiedEvent,
  type WebhookEventType,
} from '@sendbox/schema'
import type { ParticipantChatState, TranscriptEntry } from '../model/conversation-state.ts'
import type { WebhookSettings } from '../settings.ts'

type ContentEvent = Extract<PublishedEvent, { type: 'ContentEvent' }>

/** The event type under which a webhook is registered for an event. Rule: WH-1. */
export const toMessagingEventType = (type: PublishedEvent['type']): WebhookEventType =>
  `ms.MessagingEventNotification.${type}`

/** Rule: WH-4. */
function toNotifiedContent(event: ContentEvent): SentNotifiedEvent {
  const { type, contentType } = event
  if (contentType === 'text/plain') {
    const { message, quickReplies } = event
    return { type, message, contentType, ...(isRecord(quickReplies) && { quickReplies }) }
  }
  const { caption, relativePath, fileType, preview } = event.message
  const message = {
    ...(caption !== undefined && { caption }),
    relativePath,
    fileType,
    ...(preview !== undefined && { preview }),
  }
  return { type, message, contentType }
}

/** The fields of an event that a notification has, in the wire's order. Rule: WH-4. */
function toNotifiedEvent(event: PublishedEvent): SentNotifiedEvent {
  switch (event.type) {
    case 'ContentEvent':
      return toNotifiedContent(event)
    case 'RichContentEvent':
      return { type: event.type, content: event.content }
    case 'ChatStateEvent':
      return { type: event.type, chatState: event.chatState }
    case 'AcceptStatusEvent': {
      const { type, status, sequenceList } = event
      return { type, status, sequenceList: [...sequenceList] }
    }
  }
}

const toNotification = (change: SentEventChange): SentEventNotification => ({
  kind: 'notification',
  body: { changes: [change] },
  type: 'ms.MessagingEventNotification',
})

/** Conversation and dialog of an event. */
interface Place {
  readonly conversationId: string
  readonly dialogId: string
}

/** Creates the notification of a numbered event; a content event's has no metadata. Rules: WH-4, WH-4a, PUB-10. */
export function toCountedNotification(
  { sequence, originatorId, role, serverTimestamp, event, metadata }: TranscriptEntry,
  { conversationId, dialogId }: Place,
  { messageAudience }: WebhookSettings,
): SentEventNotification {
  const hasMetadata = metadata !== undefined && event.type !== 'ContentEvent'
  return toNotification({
    sequence,
    originatorId,
    originatorMetadata: { id: originatorId, role },
    serverTimestamp,
    event: toNotifiedEvent(event),
    conversationId,
    dialogId,
    ...(hasMetadata && { metadata: [...metadata] }),
    ...(messageAudience && { messageAudience: 'ALL' }),
  })
}

/** Creates the notification of a chat state, which has neither sequence nor time. Rules: SEQ-4, WH-4. */
export const toChatStateNotification = (
  { participantId, role, chatState }: ParticipantChatState & { readonly chatState: ChatState },
  { conversationId, dialogId }: Place,
): SentEventNotification =>
  toNotification({
    originatorId: participantId,
    originatorMetadata: { id: participantId, role },
    event: { type: 'ChatStateEvent', chatState },
    conversationId,
    dialogId,
  })

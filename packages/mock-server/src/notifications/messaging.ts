import {
  type ChatState,
  isRecord,
  type SentEventChange,
  type SentNotifiedEvent,
} from '@sendbox/schema'
import type {
  DialogEvent,
  MessageAudience,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { WebhookSettings } from '../settings.ts'

type ContentEvent = Extract<DialogEvent, { type: 'ContentEvent' }>

/** The buttons below a message. Rule: WH-4. */
const toButtons = (event: object) =>
  'quickReplies' in event && isRecord(event.quickReplies) && { quickReplies: event.quickReplies }

/** Rules: WH-4, PUB-2a. */
function toNotifiedContent(event: ContentEvent): SentNotifiedEvent {
  const { type } = event
  switch (event.contentType) {
    case 'text/plain': {
      const { message, contentType } = event
      return { type, message, contentType, ...toButtons(event) }
    }
    case 'hosted/file': {
      const { caption, relativePath, fileType, preview } = event.message
      const message = {
        ...(caption !== undefined && { caption }),
        relativePath,
        fileType,
        ...(preview !== undefined && { preview }),
      }
      return { type, message, contentType: event.contentType, ...toButtons(event) }
    }
    default:
      return event
  }
}

/** The fields of an event that a notification has, in the wire's order. Rule: WH-4. */
function toNotifiedEvent(event: DialogEvent): SentNotifiedEvent {
  switch (event.type) {
    case 'ContentEvent':
      return toNotifiedContent(event)
    case 'RichContentEvent':
      return { type: event.type, content: event.content, ...toButtons(event) }
    case 'ChatStateEvent':
      return { type: event.type, chatState: event.chatState }
    case 'AcceptStatusEvent': {
      const { type, status, sequenceList } = event
      return { type, status, sequenceList: [...sequenceList] }
    }
  }
}

/** Conversation and dialog of an event. */
interface Place {
  readonly conversationId: string
  readonly dialogId: string
}

/** The 2018 form has no `conversationId`. Rule: WH-4. */
const toPlace = ({ conversationId, dialogId }: Place, { form }: WebhookSettings) =>
  form === '2018' ? { dialogId } : { conversationId, dialogId }

/** A private note says so; other messages name their audience if the settings say so. Rule: WH-4a. */
const toAudience = (
  audience: MessageAudience = 'ALL',
  settings: WebhookSettings,
): Pick<SentEventChange, 'messageAudience'> =>
  settings.messageAudience || audience !== 'ALL' ? { messageAudience: audience } : {}

/** Creates the change of a numbered event; the metadata of a consumer's content event is not repeated. Rules: WH-4, WH-4a, WH-4c, PUB-10. */
export function toCountedChange(
  entry: TranscriptEntry,
  place: Place,
  settings: WebhookSettings,
): SentEventChange {
  const { sequence, originatorId, role, serverTimestamp, event, metadata } = entry
  const hasMetadata = metadata && !(role === 'CONSUMER' && event.type === 'ContentEvent')
  return {
    sequence,
    originatorId,
    originatorMetadata: { id: originatorId, role },
    serverTimestamp,
    event: toNotifiedEvent(event),
    ...toPlace(place, settings),
    ...(hasMetadata && { metadata: [...metadata] }),
    ...toAudience(entry.messageAudience, settings),
  }
}

/** Creates the change of a chat state, which has neither sequence nor time. Rules: SEQ-4, WH-4. */
export const toChatStateChange = (
  { participantId, role, chatState }: ParticipantChatState & { readonly chatState: ChatState },
  place: Place,
  settings: WebhookSettings,
): SentEventChange => ({
  originatorId: participantId,
  originatorMetadata: { id: participantId, role },
  event: { type: 'ChatStateEvent', chatState },
  ...toPlace(place, settings),
})

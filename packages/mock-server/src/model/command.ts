import type {
  ConsumerRequestConversationRequest,
  ConversationStateField,
  ErrorCode,
  Metadata,
  Participant,
  PublishedEvent,
} from '@sendbox/schema'
import type { ConversationState, TranscriptEntry } from './conversation-state.ts'

/** What can be asked of one conversation. */
export type Command =
  | {
      readonly type: 'open'
      readonly conversationId: string
      readonly consumerId: string
      readonly request: ConsumerRequestConversationRequest['body']
    }
  | {
      readonly type: 'publish'
      readonly participant: Participant
      readonly dialogId: string
      readonly event: PublishedEvent
      readonly metadata?: readonly Metadata[]
    }
  | {
      readonly type: 'updateFields'
      readonly participant: Participant
      readonly fields: readonly ConversationStateField[]
    }

/** What the model may know of the world. */
export interface Environment {
  /** In ms since the epoch. */
  readonly now: number
}

/** What the world is told of a step. */
type ModelEvent =
  | { readonly type: 'opened'; readonly conversationId: string }
  | { readonly type: 'counted'; readonly dialogId: string; readonly entry: TranscriptEntry }
  | {
      readonly type: 'chatStateChanged'
      readonly dialogId: string
      readonly participant: Participant
    }
  | { readonly type: 'closed'; readonly conversationId: string }

/** What the one who asked is told: the body of the answer, or the error. */
type Reply =
  | { readonly ok: true; readonly body: Readonly<Record<string, string | number>> }
  | { readonly ok: false; readonly errorCode: ErrorCode }

export interface Step {
  /** The new state; absent where there was none and none came to be. */
  readonly state: ConversationState | undefined
  readonly reply: Reply
  readonly events: readonly ModelEvent[]
}

import type {
  ConsumerRequestConversationRequest,
  ConversationField,
  ErrorCode,
  Metadata,
  Participant,
  PublishedEvent,
  RuleId,
} from '@sendbox/schema'
import type {
  ConversationState,
  ParticipantChatState,
  TranscriptEntry,
} from './conversation-state.ts'

/** What can be asked of one conversation. */
export type Command =
  | {
      readonly type: 'open'
      readonly conversationId: string
      readonly consumerId: string
      readonly request: ConsumerRequestConversationRequest['body']
      readonly features: readonly string[]
      /** What the consumer says at once, in the same step. Rules: CON-2, CON-5. */
      readonly firstMessage?: {
        readonly event: PublishedEvent
        readonly metadata?: readonly Metadata[]
      }
    }
  | {
      readonly type: 'publish'
      readonly participant: Participant
      readonly dialogId: string
      readonly event: PublishedEvent
      readonly metadata?: readonly Metadata[]
      /** The features that the client named with this call. Rules: REQ-6, LIF-8. */
      readonly features?: readonly string[]
    }
  | {
      readonly type: 'updateFields'
      readonly participant: Participant
      readonly fields: readonly ConversationField[]
    }
  | AgentCommand

/** What the agent's side can do beside publishing; it is Sendbox's own way to bring a conversation into a state. */
export type AgentCommand =
  | { readonly type: 'join'; readonly participant: Participant }
  | { readonly type: 'leave'; readonly participant: Participant }
  | {
      readonly type: 'transfer'
      readonly participant: Participant
      readonly skillId?: string
      /** Who takes part instead. */
      readonly to?: Participant
    }
  | { readonly type: 'endDialog'; readonly participant: Participant }
  | { readonly type: 'startSurvey'; readonly participant: Participant }

/** What the model may know of the world. */
export interface Environment {
  /** In ms since the epoch. */
  readonly now: number
  /** Whether a closed main dialog may be followed by a survey. Rule: UPD-3a. */
  readonly survey: boolean
  /** The text of the automatic message, where the account has one. Rule: LIF-8a. */
  readonly autoMessage?: string
  /** Claims that what is tolerated or assumed is refused. Rules: PUB-3b, PUB-8a. */
  readonly isStrict: boolean
  /** Claims that a file with this `relativePath` was uploaded. Rule: PUB-3b. */
  readonly isUploaded: (relativePath: string) => boolean
  /** Makes the id of a survey dialog: 22 characters of base64url. Rule: UPD-3. */
  readonly newDialogId: () => string
}

/** What the world is told of a step. */
export type ModelEvent =
  | { readonly type: 'counted'; readonly dialogId: string; readonly entry: TranscriptEntry }
  | {
      readonly type: 'chatStateChanged'
      readonly dialogId: string
      readonly entry: ParticipantChatState
    }
  /** The conversation was opened, or one of its fields changed, and this is what it was then. Rule: WH-7. */
  | { readonly type: 'conversationChanged'; readonly state: ConversationState }

/** What the one who asked is told: the body of the answer, or the error. */
export type Reply =
  | {
      readonly ok: true
      readonly body: Readonly<Record<string, string | number>>
      /** The rules that decided it. Rule: RES-9. */
      readonly rules: readonly RuleId[]
    }
  | {
      readonly ok: false
      readonly errorCode: ErrorCode
      /** What fills the placeholders of the error's details. */
      readonly params?: Readonly<Record<string, string>>
      /** What decided it beside the rules of the catalogue. */
      readonly rules?: readonly RuleId[]
    }

export interface Transition {
  /** The new state; absent where there was none and none came to be. */
  readonly state: ConversationState | undefined
  readonly reply: Reply
  readonly events: readonly ModelEvent[]
}

import type {
  ConsumerRequestConversationRequest,
  ConversationField,
  ErrorCode,
  Metadata,
  SentParticipant as Participant,
  PublishedEvent,
  RuleId,
} from '@sendbox/schema'
import type {
  CloseReason,
  ConversationState,
  DialogEvent,
  MessageAudience,
  ParticipantChatState,
  TranscriptEntry,
} from './conversation-state.ts'

/** A command to one conversation. */
export type Command =
  | {
      readonly type: 'open'
      readonly conversationId: string
      readonly consumerId: string
      /** The `ext_consumer_id` of the consumer. */
      readonly extConsumerId?: string
      /** The app install that opens the conversation. Rule: WH-4. */
      readonly appInstallId?: string
      readonly request: ConsumerRequestConversationRequest['body']
      readonly features: readonly string[]
      /** First message, applied in the same transition. Rules: CON-2, CON-5. */
      readonly firstMessage?: {
        readonly event: PublishedEvent
        readonly metadata?: readonly Metadata[]
      }
    }
  | {
      readonly type: 'publish'
      readonly participant: Participant
      readonly dialogId: string
      readonly event: DialogEvent
      readonly metadata?: readonly Metadata[]
      readonly messageAudience?: MessageAudience
      /** The features that the client named with this call. Rules: REQ-6, LIF-8. */
      readonly features?: readonly string[]
    }
  | {
      readonly type: 'updateFields'
      readonly participant: Participant
      readonly fields: readonly ConversationField[]
    }
  | AgentCommand

/** Commands of the agent's side besides publishing; Sendbox's own. */
export type AgentCommand =
  | { readonly type: 'join'; readonly participant: Participant }
  | { readonly type: 'leave'; readonly participant: Participant }
  | {
      readonly type: 'transfer'
      readonly participant: Participant
      readonly skillId?: string
      /** The participant who takes over. */
      readonly to?: Participant
    }
  | {
      readonly type: 'endDialog'
      readonly participant: Participant
      readonly closedCause?: string
      /** @default 'AGENT' */
      readonly closeReason?: CloseReason
    }
  | {
      readonly type: 'startSurvey' | 'openCoBrowse' | 'closeCoBrowse'
      readonly participant: Participant
    }

/** Inputs of the model besides state and command. */
export interface Environment {
  /** In ms since the epoch. */
  readonly now: number
  /** Whether a survey may follow a closed main dialog. Rule: UPD-3a. */
  readonly survey: boolean
  /** Text of the automatic message, if enabled. Rule: LIF-8a. */
  readonly autoMessage?: string
  /** True in strict mode, which refuses what is tolerated or assumed. Rules: PUB-3b, PUB-8a. */
  readonly isStrict: boolean
  /** Whether a file with this `relativePath` was uploaded. Rule: PUB-3b. */
  readonly isUploaded: (relativePath: string) => boolean
  /** Creates the id of a survey dialog: 22 characters of base64url. Rule: UPD-3. */
  readonly newDialogId: () => string
}

/** An event of a transition. */
export type ModelEvent =
  | { readonly type: 'counted'; readonly dialogId: string; readonly entry: TranscriptEntry }
  | {
      readonly type: 'chatStateChanged'
      readonly dialogId: string
      readonly entry: ParticipantChatState
    }
  /** The conversation was opened or a field changed; with its state at that time. Rule: WH-7. */
  | { readonly type: 'conversationChanged'; readonly state: ConversationState }

/** A part of an event that names what the dialog or the account does not have. Rules: PUB-3b, PUB-8a. */
export interface UnknownPart {
  /** The keys that lead to it from the event. */
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly received: string | number
  readonly rule: 'PUB-3b' | 'PUB-8a'
}

/** The result of a command: the body of the response, or the error. */
export type Reply =
  | {
      readonly ok: true
      readonly body: Readonly<Record<string, string | number>>
      /** Rules that decided it. Rule: RES-9. */
      readonly rules: readonly RuleId[]
      /** The parts that are unknown, published all the same. */
      readonly unknownParts?: readonly UnknownPart[]
    }
  | {
      readonly ok: false
      readonly errorCode: ErrorCode
      /** Values of the placeholders in the error's details. */
      readonly params?: Readonly<Record<string, string>>
      /** Rules that decided it besides those of the catalogue. */
      readonly rules?: readonly RuleId[]
    }

export interface Transition {
  /** The new state; absent if the conversation does not exist. */
  readonly state: ConversationState | undefined
  readonly reply: Reply
  readonly events: readonly ModelEvent[]
}

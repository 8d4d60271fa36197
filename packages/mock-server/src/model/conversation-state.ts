import type {
  ChatState,
  ConsumerRequestConversationRequest,
  CsatRateField,
  Metadata,
  SentParticipant as Participant,
  ParticipantRole,
  PublishedEvent,
  SentNotifiedEvent,
} from '@sendbox/schema'

type Lifecycle = 'OPEN' | 'CLOSE'

/** The side that closed a dialog. Rule: WH-4. */
export type Closer = 'CONSUMER' | 'AGENT'

/** Why a conversation was closed. Rule: WH-4. */
export type CloseReason = Closer | 'TIMEOUT'

/** An event of a dialog: one that SEND accepts, or content that reaches a connector by webhook only. Rule: PUB-2a. */
export type DialogEvent =
  | PublishedEvent
  | Extract<
      SentNotifiedEvent,
      { contentType: 'forms/secure-invitation' | 'forms/secure-submission' | 'external/file' }
    >

/** The participants who are to see an event; absent is all. Rule: WH-4a. */
export type MessageAudience = 'ALL' | 'AGENTS_AND_MANAGERS'

/** The last chat state of one participant in one dialog; null before the first and after the end. Rule: CS-1. */
export interface ParticipantChatState {
  readonly participantId: string
  readonly role: ParticipantRole
  readonly chatState: ChatState | null
  /** Time of the change, in ms since the epoch. */
  readonly since: number | null
}

export interface DialogState {
  readonly dialogId: string
  /** `CoBrowse` is a CoBrowse session, which accepts no events. Rule: WH-4. */
  readonly dialogType: 'MAIN' | 'POST_SURVEY' | 'CoBrowse'
  readonly state: Lifecycle
  /** Current participants, or those at its end. Rule: WH-4. */
  readonly participants: readonly Participant[]
  readonly creationTs: number
  readonly endTs?: number
  /** When its fields last changed. Rule: WH-4. */
  readonly metaDataLastUpdateTs: number
  readonly closedBy?: Closer
  /** As given by the side that closed it. Rule: UPD-3. */
  readonly closedCause?: string
  /** The number that the next counted event takes. Rules: SEQ-1, SEQ-3. */
  readonly nextSequence: number
  readonly chatStates: readonly ParticipantChatState[]
}

/** A rating as it was given. Rule: UPD-5. */
type Csat = Pick<CsatRateField, 'csatRate' | 'csatResolutionConfirmation' | 'status'>

type Opening = ConsumerRequestConversationRequest['body']

/** The documented fields of the campaign that a consumer came from. Rules: CON-1, CON-1b. */
export type Campaign = Pick<NonNullable<Opening['campaignInfo']>, 'campaignId' | 'engagementId'>

/** The documented fields of the visit that a conversation belongs to. Rules: CON-1, CON-1b. */
export type VisitContext = Pick<
  NonNullable<Opening['conversationContext']>,
  'visitorId' | 'sessionId' | 'interactionContextId' | 'type' | 'lang'
>

/** State of a conversation without its transcript, which is the store's. Rules: LIF-1, LIF-7. */
export interface ConversationState {
  readonly conversationId: string
  /** The `lp_consumer_id` of the consumer who owns it. Rule: AUTH-9. */
  readonly consumerId: string
  /** The `ext_consumer_id` of that consumer, from the ConsumerJWS that opened it. Rule: AUTH-4. */
  readonly extConsumerId?: string
  /** All participants, the consumer first. Rule: WH-4. */
  readonly participants: readonly Participant[]
  /** The whole conversation's; `state` is its main dialog's. Rule: LIF-1. */
  readonly stage: Lifecycle
  readonly skillId: string
  /** `value` is in seconds. Rules: LIF-7, UPD-6. */
  readonly ttr: { readonly ttrType: string; readonly value: number }
  /** The features that the consumer's client named when it opened the conversation. Rules: REQ-6, UPD-3a. */
  readonly features: readonly string[]
  /** Whether the consumer has sent a message. Rule: LIF-8. */
  readonly hasMessage: boolean
  /** The app install that opened the conversation. Rule: WH-4. */
  readonly appInstallId?: string
  /** The `channelType` of the request that opened it. Rule: CON-1. */
  readonly channelType?: string
  /** The `campaignInfo` of that request. Rule: CON-1. */
  readonly campaignInfo?: Campaign
  /** The `conversationContext` of that request. Rule: CON-1. */
  readonly conversationContext?: VisitContext
  /** When the time to respond began, in ms since the epoch: absent is `startTs`, null is never, as an agent has answered. Rule: WH-8. */
  readonly awaitingAgentSince?: number | null
  /** The consumer's rating, once there is one. Rule: UPD-5. */
  readonly csat?: Csat
  readonly startTs: number
  readonly endTs?: number
  /** When its fields last changed. Rules: WH-4, WH-7. */
  readonly metaDataLastUpdateTs: number
  readonly closeReason?: CloseReason
  readonly dialogs: readonly DialogState[]
}

/** A numbered event in the transcript. Rules: SEQ-1, CS-3. */
export interface TranscriptEntry {
  readonly sequence: number
  readonly originatorId: string
  readonly role: ParticipantRole
  /** In ms since the epoch. */
  readonly serverTimestamp: number
  readonly event: DialogEvent
  readonly metadata?: readonly Metadata[]
  readonly messageAudience?: MessageAudience
}

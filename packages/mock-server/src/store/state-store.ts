import type { Transition } from '../model/command.ts'
import type {
  ConversationState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { CreatedDelivery } from '../updates.ts'
import type { ConversationSnapshot, Profile } from './conversation-record.ts'

/** Which conversation of which account. */
export interface ConversationKey {
  readonly accountId: string
  readonly conversationId: string
}

/** Which consumer of which account, by `lp_consumer_id`. */
export interface ConsumerKey {
  readonly accountId: string
  readonly consumerId: string
}

/** A conversation with its transcripts, by dialog. */
export interface ConversationRecord {
  readonly state: ConversationState
  readonly transcripts: ReadonlyMap<string, readonly TranscriptEntry[]>
  /** Number of transcript entries that were evicted, the oldest first. */
  readonly dropped: number
  /** Every change of a chat state, by dialog. Rule: CS-3. */
  readonly chatStateHistories: ReadonlyMap<string, readonly ParticipantChatState[]>
}

/** The state of one account, as JSON. */
export interface StateSnapshot {
  /** Oldest first. */
  readonly conversations: readonly ConversationSnapshot[]
  /** By `lp_consumer_id`. */
  readonly profiles: Readonly<Record<string, Profile>>
}

/** A transition to be saved, and the webhook deliveries that are saved with it. */
export interface Change extends Transition {
  readonly deliveries: readonly CreatedDelivery[]
}

/** Port of the conversations' storage; the model does not know it. */
export interface StateStore {
  load(key: ConversationKey): Promise<ConversationRecord | undefined>
  /** The conversations of an account, in the order of their creation. */
  list(accountId: string): Promise<readonly ConversationRecord[]>
  /** The conversation that a dialog belongs to, from an index in memory. Rule: LIF-4. */
  findConversationId(accountId: string, dialogId: string): string | undefined
  /** Creates a conversation, serialized per consumer; `toChange` receives the ids of the consumer's open ones. Rule: CON-4. */
  open(
    key: ConversationKey & { readonly consumerId: string },
    toChange: (openConversationIds: readonly string[]) => Change,
  ): Promise<Change>
  /** Changes a conversation, serialized per conversation; resolves once the change is persisted. */
  transact(
    key: ConversationKey,
    toChange: (state: ConversationState | undefined) => Change,
  ): Promise<Change>
  /** Saves the profile that a consumer set last. Rule: PRO-1. */
  saveProfile(key: ConsumerKey, profile: Profile): Promise<void>
  loadProfile(key: ConsumerKey): Promise<Profile | undefined>
  /** The profiles of an account, by `lp_consumer_id`. */
  listProfiles(accountId: string): Promise<ReadonlyMap<string, Profile>>
  /** Ids of the accounts that have state. */
  accountIds(): Promise<readonly string[]>
  /** Deletes a conversation, if it exists. */
  remove(key: ConversationKey): Promise<void>
  /** Deletes all conversations and profiles of an account, or of all. */
  reset(accountId?: string): Promise<void>
  /** Copies the state of an account. */
  snapshot(accountId: string): Promise<StateSnapshot>
  /** Replaces the state of an account by a snapshot, atomically. */
  restore(accountId: string, snapshot: StateSnapshot): Promise<void>
}

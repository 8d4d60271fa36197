import type { Transition } from '../model/command.ts'
import type {
  ConversationState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { Soon } from '../soon.ts'
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

/** A conversation with what was said in it, by dialog. */
export interface ConversationRecord {
  readonly state: ConversationState
  readonly transcripts: ReadonlyMap<string, readonly TranscriptEntry[]>
  /** How many of the oldest entries of all transcripts were dropped. */
  readonly dropped: number
  /** Every change of a chat state, by dialog. Rule: CS-3. */
  readonly chatStateHistories: ReadonlyMap<string, readonly ParticipantChatState[]>
}

/** What a store keeps of one account, as JSON. */
export interface StateSnapshot {
  /** Oldest first. */
  readonly conversations: readonly ConversationSnapshot[]
  /** By `lp_consumer_id`. */
  readonly profiles: Readonly<Record<string, Profile>>
}

/** Where conversations live; the model knows nothing of it. */
export interface StateStore {
  load(key: ConversationKey): Promise<ConversationRecord | undefined>
  /** The conversations of an account, in the order of their creation. */
  list(accountId: string): Promise<readonly ConversationRecord[]>
  /** The conversation that a dialog belongs to. Rule: LIF-4. */
  findConversationId(accountId: string, dialogId: string): Soon<string | undefined>
  /** Runs one step on a new conversation, told which ones its consumer has open, alone for that consumer. Rule: CON-4. */
  open(
    key: ConversationKey & { readonly consumerId: string },
    step: (openConversationIds: readonly string[]) => Transition,
  ): Soon<Transition>
  /** Runs one step alone on its conversation, and keeps its state and its counted events. */
  transact(
    key: ConversationKey,
    step: (state: ConversationState | undefined) => Transition,
  ): Soon<Transition>
  /** Keeps what a consumer last said of themselves. Rule: PRO-1. */
  saveProfile(key: ConsumerKey, profile: Profile): Promise<void>
  loadProfile(key: ConsumerKey): Promise<Profile | undefined>
  /** The profiles of an account, by `lp_consumer_id`. */
  listProfiles(accountId: string): Promise<ReadonlyMap<string, Profile>>
  /** The accounts that something is kept of. */
  accountIds(): Promise<readonly string[]>
  /** Forgets one conversation, where there is one. */
  remove(key: ConversationKey): Promise<void>
  /** Removes all conversations and profiles of an account, or of all. */
  reset(accountId?: string): Promise<void>
  /** Copies what is kept of an account. */
  snapshot(accountId: string): Promise<StateSnapshot>
  /** Puts a snapshot in the place of what is kept of an account, all of it or nothing. */
  restore(accountId: string, snapshot: StateSnapshot): Promise<void>
}

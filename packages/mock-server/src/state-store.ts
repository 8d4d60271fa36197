import type { Step } from './model/command.ts'
import type { ConversationState, TranscriptEntry } from './model/conversation-state.ts'

/** Which conversation of which account. */
export interface ConversationKey {
  readonly accountId: string
  readonly conversationId: string
}

/** A conversation with what was said in it, by dialog. */
export interface ConversationRecord {
  readonly state: ConversationState
  readonly transcripts: ReadonlyMap<string, readonly TranscriptEntry[]>
}

/** Where conversations live; the model knows nothing of it. */
export interface StateStore {
  load(key: ConversationKey): Promise<ConversationRecord | undefined>
  /** The conversations of an account, in the order of their creation. */
  list(accountId: string): Promise<readonly ConversationRecord[]>
  /** Runs one step alone on its conversation, and keeps its state and its counted events. */
  transact(
    key: ConversationKey,
    step: (state: ConversationState | undefined) => Step,
  ): Promise<Step>
  /** Forgets everything. */
  clear(): Promise<void>
}

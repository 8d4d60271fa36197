import type { Step } from './model/command.ts'
import type { ConversationState, TranscriptEntry } from './model/conversation-state.ts'
import type { ConversationKey, ConversationRecord, StateStore } from './state-store.ts'

interface MutableRecord {
  state: ConversationState
  readonly transcripts: Map<string, TranscriptEntry[]>
}

/** Keeps conversations in this process; a step runs to its end before the next begins. Rule: SEQ-6. */
export class MemoryStateStore implements StateStore {
  readonly #accounts = new Map<string, Map<string, MutableRecord>>()

  async load({
    accountId,
    conversationId,
  }: ConversationKey): Promise<ConversationRecord | undefined> {
    return this.#accounts.get(accountId)?.get(conversationId)
  }

  async list(accountId: string): Promise<readonly ConversationRecord[]> {
    return [...(this.#accounts.get(accountId)?.values() ?? [])]
  }

  async transact(
    key: ConversationKey,
    step: (state: ConversationState | undefined) => Step,
  ): Promise<Step> {
    const result = step(this.#accounts.get(key.accountId)?.get(key.conversationId)?.state)
    if (result.state) this.#keep(key, result.state, result)
    return result
  }

  async clear(): Promise<void> {
    this.#accounts.clear()
  }

  #keep(
    { accountId, conversationId }: ConversationKey,
    state: ConversationState,
    step: Step,
  ): void {
    const conversations = this.#accounts.get(accountId) ?? new Map<string, MutableRecord>()
    this.#accounts.set(accountId, conversations)
    const record = conversations.get(conversationId) ?? { state, transcripts: new Map() }
    conversations.set(conversationId, record)
    record.state = state
    for (const event of step.events) {
      if (event.type !== 'counted') continue
      const transcript = record.transcripts.get(event.dialogId) ?? []
      record.transcripts.set(event.dialogId, transcript)
      transcript.push(event.entry)
    }
  }
}

import type { Transition } from '../model/command.ts'
import type {
  ConversationState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { Profile } from './conversation-record.ts'
import type {
  Change,
  ConsumerKey,
  ConversationKey,
  ConversationRecord,
  StateSnapshot,
  StateStore,
} from './state-store.ts'

interface MutableRecord {
  state: ConversationState
  readonly transcripts: Map<string, TranscriptEntry[]>
  readonly chatStateHistories: Map<string, ParticipantChatState[]>
  kept: number
  dropped: number
}

const newRecord = (state: ConversationState): MutableRecord => ({
  state,
  transcripts: new Map(),
  chatStateHistories: new Map(),
  kept: 0,
  dropped: 0,
})

/** Appends to a list; evicts its oldest entry above `maxEntries`. */
function appendTo<Entry>(
  lists: Map<string, Entry[]>,
  dialogId: string,
  entry: Entry,
  maxEntries: number = Number.POSITIVE_INFINITY,
): void {
  const list = lists.get(dialogId)
  if (list === undefined) lists.set(dialogId, [entry])
  else if (list.push(entry) > maxEntries) list.shift()
}

const copyLists = <Entry>(
  lists: Iterable<readonly [string, readonly Entry[]]>,
): [string, Entry[]][] => [...lists].map(([dialogId, list]) => [dialogId, [...list]])

/** Dialogs are in the order of their creation, so the first entry found is the oldest. */
function evictOldest(record: MutableRecord): void {
  for (const oldest of record.transcripts.values()) {
    if (oldest.shift() === undefined) continue
    record.kept -= 1
    record.dropped += 1
    return
  }
}

/** Whether a transition changed what the indexes are built from. */
const indexChanged = (before: ConversationState, after: ConversationState): boolean =>
  before.stage !== after.stage || before.dialogs.length !== after.dialogs.length

/** The records and indexes of one account. */
class AccountRecords {
  readonly conversations = new Map<string, MutableRecord>()
  readonly conversationIdByDialog = new Map<string, string>()
  readonly openIdsByConsumer = new Map<string, Set<string>>()
  readonly profiles = new Map<string, Profile>()

  save(state: ConversationState, events: Transition['events'], maxEntries: number): void {
    const { conversationId } = state
    const known = this.conversations.get(conversationId)
    const record = known ?? newRecord(state)
    if (known === undefined) this.conversations.set(conversationId, record)
    if (known === undefined || indexChanged(known.state, state)) this.#index(state)
    record.state = state
    for (const event of events) {
      if (event.type === 'counted') {
        appendTo(record.transcripts, event.dialogId, event.entry)
        record.kept += 1
        if (record.kept > maxEntries) evictOldest(record)
      } else if (event.type === 'chatStateChanged')
        appendTo(record.chatStateHistories, event.dialogId, event.entry, maxEntries)
    }
  }

  delete(conversationId: string): void {
    const { state } = this.conversations.get(conversationId) ?? {}
    if (state === undefined) return
    this.conversations.delete(conversationId)
    for (const { dialogId } of state.dialogs) this.conversationIdByDialog.delete(dialogId)
    this.openIdsByConsumer.get(state.consumerId)?.delete(conversationId)
  }

  copy(): StateSnapshot {
    const conversations = [...this.conversations.values()].map(
      ({ state, transcripts, chatStateHistories, dropped }) => ({
        state,
        transcripts: Object.fromEntries(copyLists(transcripts)),
        chatStateHistories: Object.fromEntries(copyLists(chatStateHistories)),
        dropped,
      }),
    )
    return { conversations, profiles: Object.fromEntries(this.profiles) }
  }

  load({ conversations, profiles }: StateSnapshot, maxEntries: number): void {
    for (const { state, transcripts, chatStateHistories, dropped } of conversations) {
      const record = {
        state,
        transcripts: new Map(copyLists(Object.entries(transcripts))),
        chatStateHistories: new Map(copyLists(Object.entries(chatStateHistories))),
        kept: Object.values(transcripts).reduce((sum, { length }) => sum + length, 0),
        dropped,
      }
      while (record.kept > maxEntries) evictOldest(record)
      for (const history of record.chatStateHistories.values())
        history.splice(0, history.length - maxEntries)
      this.conversations.set(state.conversationId, record)
      this.#index(state)
    }
    for (const [consumerId, profile] of Object.entries(profiles))
      this.profiles.set(consumerId, profile)
  }

  #index({ consumerId, conversationId, stage, dialogs }: ConversationState): void {
    for (const { dialogId } of dialogs) this.conversationIdByDialog.set(dialogId, conversationId)
    const ids = this.openIdsByConsumer.get(consumerId) ?? new Set()
    this.openIdsByConsumer.set(consumerId, ids)
    if (stage === 'OPEN') ids.add(conversationId)
    else ids.delete(conversationId)
  }
}

/** Stores everything in this process; a change is computed and saved synchronously, so changes never interleave. Rule: SEQ-6. */
export class MemoryStateStore implements StateStore {
  readonly #accounts = new Map<string, AccountRecords>()
  readonly #maxEntries: number

  /** `maxEntries` bounds the transcript entries of a conversation. */
  constructor(maxEntries: number = Number.POSITIVE_INFINITY) {
    this.#maxEntries = maxEntries
  }

  #accountOf(accountId: string): AccountRecords {
    const account = this.#accounts.get(accountId) ?? new AccountRecords()
    this.#accounts.set(accountId, account)
    return account
  }

  async load({
    accountId,
    conversationId,
  }: ConversationKey): Promise<ConversationRecord | undefined> {
    return this.#accounts.get(accountId)?.conversations.get(conversationId)
  }

  async list(accountId: string): Promise<readonly ConversationRecord[]> {
    return [...(this.#accounts.get(accountId)?.conversations.values() ?? [])]
  }

  findConversationId(accountId: string, dialogId: string): string | undefined {
    return this.#accounts.get(accountId)?.conversationIdByDialog.get(dialogId)
  }

  async open(
    { accountId, consumerId }: ConversationKey & { readonly consumerId: string },
    toChange: (openConversationIds: readonly string[]) => Change,
  ): Promise<Change> {
    const openIds = this.#accountOf(accountId).openIdsByConsumer.get(consumerId) ?? []
    return this.#save(accountId, toChange([...openIds]))
  }

  async transact(
    { accountId, conversationId }: ConversationKey,
    toChange: (state: ConversationState | undefined) => Change,
  ): Promise<Change> {
    const record = this.#accounts.get(accountId)?.conversations.get(conversationId)
    return this.#save(accountId, toChange(record?.state))
  }

  #save(accountId: string, change: Change): Change | Promise<Change> {
    const { state, events } = change
    if (state) this.#accountOf(accountId).save(state, events, this.#maxEntries)
    const persisted = this.persist(accountId, change)
    if (persisted === undefined) return change
    return persisted.then(
      () => change,
      (error: unknown) => {
        for (const delivery of change.deliveries) delivery.discard()
        throw error
      },
    )
  }

  /** Persists a saved change; called before another change can follow. */
  protected persist(_accountId: string, _change: Change): Promise<void> | undefined {
    return undefined
  }

  async saveProfile({ accountId, consumerId }: ConsumerKey, profile: Profile): Promise<void> {
    this.#accountOf(accountId).profiles.set(consumerId, profile)
  }

  async loadProfile({ accountId, consumerId }: ConsumerKey): Promise<Profile | undefined> {
    return this.#accounts.get(accountId)?.profiles.get(consumerId)
  }

  async listProfiles(accountId: string): Promise<ReadonlyMap<string, Profile>> {
    return new Map(this.#accounts.get(accountId)?.profiles)
  }

  async accountIds(): Promise<readonly string[]> {
    return [...this.#accounts.keys()]
  }

  async remove({ accountId, conversationId }: ConversationKey): Promise<void> {
    this.#accounts.get(accountId)?.delete(conversationId)
  }

  async reset(accountId?: string): Promise<void> {
    if (accountId === undefined) this.#accounts.clear()
    else this.#accounts.delete(accountId)
  }

  async snapshot(accountId: string): Promise<StateSnapshot> {
    return (this.#accounts.get(accountId) ?? new AccountRecords()).copy()
  }

  async restore(accountId: string, snapshot: StateSnapshot): Promise<void> {
    const account = new AccountRecords()
    account.load(snapshot, this.#maxEntries)
    this.#accounts.set(accountId, account)
  }
}

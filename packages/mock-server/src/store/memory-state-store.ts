import type { Transition } from '../model/command.ts'
import type {
  ConversationState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { Profile } from './conversation-record.ts'
import type {
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

/** Appends to a list, whose oldest entries make room for new ones. */
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
function dropOldest(record: MutableRecord): void {
  for (const oldest of record.transcripts.values()) {
    if (oldest.shift() === undefined) continue
    record.kept -= 1
    record.dropped += 1
    return
  }
}

/** Claims that a step changed what conversations are found by. */
const isNews = (before: ConversationState, after: ConversationState): boolean =>
  before.stage !== after.stage || before.dialogs.length !== after.dialogs.length

/** What one account has; no other account sees it. */
class AccountRecords {
  readonly conversations = new Map<string, MutableRecord>()
  readonly conversationIdByDialog = new Map<string, string>()
  readonly openIdsByConsumer = new Map<string, Set<string>>()
  readonly profiles = new Map<string, Profile>()

  keep(state: ConversationState, events: Transition['events'], maxEntries: number): void {
    const { conversationId } = state
    const known = this.conversations.get(conversationId)
    const record = known ?? newRecord(state)
    if (known === undefined) this.conversations.set(conversationId, record)
    if (known === undefined || isNews(known.state, state)) this.#note(state)
    record.state = state
    for (const event of events) {
      if (event.type === 'counted') {
        appendTo(record.transcripts, event.dialogId, event.entry)
        record.kept += 1
        if (record.kept > maxEntries) dropOldest(record)
      } else if (event.type === 'chatStateChanged')
        appendTo(record.chatStateHistories, event.dialogId, event.entry, maxEntries)
    }
  }

  forget(conversationId: string): void {
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

  fill({ conversations, profiles }: StateSnapshot, maxEntries: number): void {
    for (const { state, transcripts, chatStateHistories, dropped } of conversations) {
      const record = {
        state,
        transcripts: new Map(copyLists(Object.entries(transcripts))),
        chatStateHistories: new Map(copyLists(Object.entries(chatStateHistories))),
        kept: Object.values(transcripts).reduce((sum, { length }) => sum + length, 0),
        dropped,
      }
      while (record.kept > maxEntries) dropOldest(record)
      for (const history of record.chatStateHistories.values())
        history.splice(0, history.length - maxEntries)
      this.conversations.set(state.conversationId, record)
      this.#note(state)
    }
    for (const [consumerId, profile] of Object.entries(profiles))
      this.profiles.set(consumerId, profile)
  }

  #note({ consumerId, conversationId, stage, dialogs }: ConversationState): void {
    for (const { dialogId } of dialogs) this.conversationIdByDialog.set(dialogId, conversationId)
    const ids = this.openIdsByConsumer.get(consumerId) ?? new Set()
    this.openIdsByConsumer.set(consumerId, ids)
    if (stage === 'OPEN') ids.add(conversationId)
    else ids.delete(conversationId)
  }
}

/** Keeps everything in this process; a step runs to its end before the next begins. Rule: SEQ-6. */
export class MemoryStateStore implements StateStore {
  readonly #accounts = new Map<string, AccountRecords>()
  readonly #maxEntries: number

  /** `maxEntries` is how many transcript entries a conversation keeps. */
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

  open(
    { accountId, consumerId }: ConversationKey & { readonly consumerId: string },
    step: (openConversationIds: readonly string[]) => Transition,
  ): Transition {
    const account = this.#accountOf(accountId)
    const result = step([...(account.openIdsByConsumer.get(consumerId) ?? [])])
    if (result.state) account.keep(result.state, result.events, this.#maxEntries)
    return result
  }

  transact(
    { accountId, conversationId }: ConversationKey,
    step: (state: ConversationState | undefined) => Transition,
  ): Transition {
    const account = this.#accounts.get(accountId)
    const result = step(account?.conversations.get(conversationId)?.state)
    if (result.state) this.#accountOf(accountId).keep(result.state, result.events, this.#maxEntries)
    return result
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
    this.#accounts.get(accountId)?.forget(conversationId)
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
    account.fill(snapshot, this.#maxEntries)
    this.#accounts.set(accountId, account)
  }
}

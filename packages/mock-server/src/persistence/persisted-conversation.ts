import type { ModelEvent } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { ConversationSnapshot } from '../store/conversation-record.ts'
import type { DataChange, RowKey } from './database.ts'

/** A conversation's row in the database, without its lists. */
export interface StoredConversation {
  readonly state: ConversationState
  readonly dropped: number
  /** The ids of its dialogs; the keys of list entries contain an index into it. */
  readonly dialogIds: readonly string[]
}

/** The kinds of list entries in the database: transcript entries and changes of a chat state. */
export type EntryKind = 'entry' | 'chatState'

/** A list whose entries are rows with consecutive numbers, oldest first. */
class PersistedList {
  readonly #key: RowKey
  #first = 0
  #next = 0

  /** `key` is what the keys of all entries begin with. */
  constructor(key: RowKey) {
    this.#key = key
  }

  get length(): number {
    return this.#next - this.#first
  }

  append(value: unknown): DataChange {
    this.#next += 1
    return { key: [...this.#key, this.#next - 1], value }
  }

  /** Removes the oldest entries until at most `maxLength` are left. */
  *evict(maxLength: number): Iterable<DataChange> {
    while (this.length > maxLength) {
      this.#first += 1
      yield { key: [...this.#key, this.#first - 1], value: undefined }
    }
  }

  /** Counts an entry that is on disk; call it in the order of the numbers. */
  load(number: number): void {
    if (this.length === 0) this.#first = number
    this.#next = number + 1
  }
}

/** The rows of one conversation, and the changes that bring them up to date. */
export class PersistedConversation {
  readonly #number: number
  readonly #maxEntries: number
  /** By dialog id, in the order in which the memory evicts their entries. */
  readonly #dialogs = new Map<string, Readonly<Record<EntryKind, PersistedList>>>()
  #dialogIds: string[] = []
  #state: ConversationState | undefined
  #dropped = 0

  constructor(number: number, maxEntries: number) {
    this.#number = number
    this.#maxEntries = maxEntries
  }

  /** True if this very state object was persisted last. */
  isAt(state: ConversationState): boolean {
    return this.#state === state
  }

  /** Persists a transition. */
  update(state: ConversationState, events: readonly ModelEvent[]): DataChange[] {
    const appended = events.flatMap(event =>
      event.type === 'conversationChanged'
        ? []
        : [
            this.#listOf(event.dialogId, event.type === 'counted' ? 'entry' : 'chatState').append(
              event.entry,
            ),
          ],
    )
    return [...appended, ...this.#evict(), this.#put(state)]
  }

  /** Persists a whole conversation; call it once, on a new object. */
  *insert(conversation: ConversationSnapshot): Iterable<DataChange> {
    const { state, transcripts, chatStateHistories, dropped } = conversation
    this.#dropped = dropped
    for (const [dialogId, entries] of Object.entries(transcripts))
      for (const entry of entries) yield this.#listOf(dialogId, 'entry').append(entry)
    for (const [dialogId, history] of Object.entries(chatStateHistories))
      for (const entry of history) yield this.#listOf(dialogId, 'chatState').append(entry)
    yield* this.#evict()
    yield this.#put(state)
  }

  /** Removes all rows. */
  *remove(): Iterable<DataChange> {
    for (const { entry, chatState } of this.#dialogs.values()) {
      yield* entry.evict(0)
      yield* chatState.evict(0)
    }
    yield { key: this.#key, value: undefined }
  }

  /** Starts from the row on disk; call it once, on a new object. */
  load({ state, dropped, dialogIds }: StoredConversation): void {
    this.#state = state
    this.#dropped = dropped
    this.#dialogIds = [...dialogIds]
  }

  /** Counts a list entry on disk, and returns the id of its dialog; call it in the order of the keys. */
  loadEntry(kind: EntryKind, dialogIndex: number, number: number): string {
    const dialogId = this.#dialogIds[dialogIndex] ?? ''
    this.#listOf(dialogId, kind).load(number)
    return dialogId
  }

  /** Removes the entries that exceed `maxEntries`, which may have been larger when they were written. */
  shorten(): DataChange[] {
    const changes = [...this.#evict()]
    return changes.length > 0 && this.#state ? [...changes, this.#put(this.#state)] : []
  }

  get #key(): RowKey {
    return ['conversation', this.#number]
  }

  #listOf(dialogId: string, kind: EntryKind): PersistedList {
    const known = this.#dialogs.get(dialogId)
    if (known) return known[kind]
    if (!this.#dialogIds.includes(dialogId)) this.#dialogIds.push(dialogId)
    const place = [this.#number, this.#dialogIds.indexOf(dialogId)] as const
    const dialog = {
      entry: new PersistedList(['entry', ...place]),
      chatState: new PersistedList(['chatState', ...place]),
    }
    this.#dialogs.set(dialogId, dialog)
    return dialog[kind]
  }

  /** Evicts the entries that the memory evicts. */
  *#evict(): Iterable<DataChange> {
    const dialogs = [...this.#dialogs.values()]
    let excess = dialogs.reduce((sum, { entry }) => sum + entry.length, -this.#maxEntries)
    for (const { entry, chatState } of dialogs) {
      const evicted = Math.min(Math.max(excess, 0), entry.length)
      yield* entry.evict(entry.length - evicted)
      this.#dropped += evicted
      excess -= evicted
      yield* chatState.evict(this.#maxEntries)
    }
  }

  #put(state: ConversationState): DataChange {
    this.#state = state
    const value = { state, dropped: this.#dropped, dialogIds: [...this.#dialogIds] }
    return { key: this.#key, value: value satisfies StoredConversation }
  }
}

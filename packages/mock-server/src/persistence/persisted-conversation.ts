import type { Transition } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { ConversationSnapshot } from '../store/conversation-record.ts'
import type { DataChange, DataKey } from './database.ts'

/** Which numbers the entries of a list on disk have. */
interface PersistedList {
  first: number
  next: number
}

const createPersistedList = (): PersistedList => ({ first: 0, next: 0 })

const countEntries = ({ first, next }: PersistedList): number => next - first

/** Appends an entry below a key. */
function appendEntry(list: PersistedList, below: DataKey, value: unknown): DataChange {
  const change = { key: [...below, list.next] as unknown as DataKey, value }
  list.next += 1
  return change
}

/** Removes the oldest entry below a key. */
function dropEntry(list: PersistedList, below: DataKey): DataChange {
  const change = { key: [...below, list.first] as unknown as DataKey, value: undefined }
  list.first += 1
  return change
}

/** Removes all entries below a key. */
function* dropEntries(list: PersistedList, below: DataKey): Iterable<DataChange> {
  while (countEntries(list) > 0) yield dropEntry(list, below)
}

/** A conversation as it is on disk, without its lists. */
export interface StoredConversation {
  readonly state: ConversationState
  readonly dropped: number
  /** The ids of its dialogs; entries name them by their place. */
  readonly dialogIds: readonly string[]
}

interface KeptDialog {
  /** Its place in the keys. */
  readonly place: number
  readonly entries: PersistedList
  readonly chatStates: PersistedList
}

/** What is on disk of one conversation, and which changes take it further. */
export class PersistedConversation {
  readonly #account: number
  readonly #number: number
  readonly #maxEntries: number
  /** In the order in which the memory lets go of their entries. */
  readonly #dialogs = new Map<string, KeptDialog>()
  #dialogIds: string[] = []
  #state: ConversationState | undefined
  #dropped = 0

  constructor(account: number, number: number, maxEntries: number) {
    this.#account = account
    this.#number = number
    this.#maxEntries = maxEntries
  }

  /** Claims that a state is the one on disk. */
  isAt(state: ConversationState): boolean {
    return this.#state === state
  }

  /** What a step changes. */
  take(state: ConversationState, events: Transition['events']): DataChange[] {
    const changes: DataChange[] = []
    for (const event of events) {
      if (event.type === 'conversationChanged') continue
      const kind = event.type === 'counted' ? 'entry' : 'chatState'
      const dialog = this.#dialogOf(event.dialogId)
      const list = event.type === 'counted' ? dialog.entries : dialog.chatStates
      changes.push(appendEntry(list, this.#below(kind, dialog), event.entry))
    }
    changes.push(...this.#trim())
    return [...changes, this.#put(state)]
  }

  /** Writes a whole conversation. */
  *write({
    state,
    transcripts,
    chatStateHistories,
    dropped,
  }: ConversationSnapshot): Iterable<DataChange> {
    this.#dropped = dropped
    for (const [dialogId, entries] of Object.entries(transcripts)) {
      const dialog = this.#dialogOf(dialogId)
      for (const entry of entries)
        yield appendEntry(dialog.entries, this.#below('entry', dialog), entry)
    }
    for (const [dialogId, history] of Object.entries(chatStateHistories)) {
      const dialog = this.#dialogOf(dialogId)
      for (const entry of history)
        yield appendEntry(dialog.chatStates, this.#below('chatState', dialog), entry)
    }
    yield* this.#trim()
    yield this.#put(state)
  }

  /** Removes all of it. */
  *remove(): Iterable<DataChange> {
    for (const dialog of this.#dialogs.values()) {
      yield* dropEntries(dialog.entries, this.#below('entry', dialog))
      yield* dropEntries(dialog.chatStates, this.#below('chatState', dialog))
    }
    yield { key: this.#key, value: undefined }
  }

  /** Takes over what is on disk. */
  begin({ state, dropped, dialogIds }: StoredConversation): void {
    this.#state = state
    this.#dropped = dropped
    this.#dialogIds = [...dialogIds]
  }

  /** Takes over an entry on disk, and gives the id of its dialog. */
  indexEntry(kind: 'entry' | 'chatState', place: number, number: number): string {
    const dialogId = this.#dialogIds[place] ?? ''
    const dialog = this.#dialogOf(dialogId)
    const list = kind === 'entry' ? dialog.entries : dialog.chatStates
    if (countEntries(list) === 0) list.first = number
    list.next = number + 1
    return dialogId
  }

  /** What the memory does not take of it, because its setting is lower than it was. */
  shorten(): DataChange[] {
    const changes = [...this.#trim()]
    return changes.length > 0 && this.#state ? [...changes, this.#put(this.#state)] : []
  }

  get #key(): DataKey {
    return ['conversation', this.#account, this.#number]
  }

  #below(kind: 'entry' | 'chatState', { place }: KeptDialog): DataKey {
    return [kind, this.#account, this.#number, place]
  }

  #dialogOf(dialogId: string): KeptDialog {
    const known = this.#dialogs.get(dialogId)
    if (known) return known
    if (!this.#dialogIds.includes(dialogId)) this.#dialogIds.push(dialogId)
    const place = this.#dialogIds.indexOf(dialogId)
    const dialog = { place, entries: createPersistedList(), chatStates: createPersistedList() }
    this.#dialogs.set(dialogId, dialog)
    return dialog
  }

  /** Lets go of what the memory lets go of. */
  *#trim(): Iterable<DataChange> {
    const dialogs = [...this.#dialogs.values()]
    let kept = dialogs.reduce((sum, { entries }) => sum + countEntries(entries), 0)
    while (kept > this.#maxEntries) {
      const oldest = dialogs.find(({ entries }) => countEntries(entries) > 0)
      if (oldest === undefined) return
      yield dropEntry(oldest.entries, this.#below('entry', oldest))
      this.#dropped += 1
      kept -= 1
    }
    for (const dialog of dialogs)
      while (countEntries(dialog.chatStates) > this.#maxEntries)
        yield dropEntry(dialog.chatStates, this.#below('chatState', dialog))
  }

  #put(state: ConversationState): DataChange {
    this.#state = state
    const value = { state, dropped: this.#dropped, dialogIds: [...this.#dialogIds] }
    return { key: this.#key, value: value satisfies StoredConversation }
  }
}

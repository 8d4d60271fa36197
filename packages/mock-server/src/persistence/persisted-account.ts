import type { ModelEvent } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { ConversationSnapshot, Profile } from '../store/conversation-record.ts'
import type { StateSnapshot } from '../store/state-store.ts'
import type { DataChange, DataRow } from './database.ts'
import {
  type EntryKind,
  PersistedConversation,
  type StoredConversation,
} from './persisted-conversation.ts'

interface StoredProfile {
  readonly consumerId: string
  readonly profile: Profile
}

interface LoadedConversation {
  readonly row: StoredConversation
  readonly persisted: PersistedConversation
  /** By dialog id. */
  readonly lists: Readonly<Record<EntryKind, Map<string, unknown[]>>>
}

/** The rows of one account's conversations and profiles, and the changes that bring them up to date. */
export class PersistedAccount {
  readonly #maxEntries: number
  readonly #conversations = new Map<string, PersistedConversation>()
  readonly #profiles = new Map<string, number>()
  #nextConversation = 0
  #nextProfile = 0

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
  }

  /** Persists a transition; no changes if it left the conversation as it was. */
  persistTransition(
    state: ConversationState,
    events: readonly ModelEvent[],
  ): readonly DataChange[] {
    const known = this.#conversations.get(state.conversationId)
    if (known?.isAt(state) && events.length === 0) return []
    return (known ?? this.#add(state.conversationId)).update(state, events)
  }

  persistProfile(consumerId: string, profile: Profile): DataChange {
    const number = this.#profiles.get(consumerId) ?? this.#nextProfile
    this.#profiles.set(consumerId, number)
    this.#nextProfile = Math.max(this.#nextProfile, number + 1)
    const value: StoredProfile = { consumerId, profile }
    return { key: ['profile', number], value }
  }

  remove(conversationId: string): DataChange[] {
    const known = this.#conversations.get(conversationId)
    this.#conversations.delete(conversationId)
    return [...(known?.remove() ?? [])]
  }

  /** Removes all conversations and profiles. */
  *clear(): Iterable<DataChange> {
    for (const conversation of this.#conversations.values()) yield* conversation.remove()
    for (const number of this.#profiles.values())
      yield { key: ['profile', number], value: undefined }
    this.#conversations.clear()
    this.#profiles.clear()
  }

  /** Replaces all conversations and profiles by those of a snapshot. */
  *replace({ conversations, profiles }: StateSnapshot): Iterable<DataChange> {
    yield* this.clear()
    for (const conversation of conversations)
      yield* this.#add(conversation.state.conversationId).insert(conversation)
    for (const [consumerId, profile] of Object.entries(profiles))
      yield this.persistProfile(consumerId, profile)
  }

  /** Starts from the rows on disk, and returns what they hold; call it once, on a new object. */
  load(rows: readonly DataRow[]): StateSnapshot {
    const profiles = new Map<string, Profile>()
    for (const { key, value } of rows) {
      if (key[0] !== 'profile') continue
      const { consumerId, profile } = value as StoredProfile
      this.#profiles.set(consumerId, Number(key[1]))
      this.#nextProfile = Number(key[1]) + 1
      profiles.set(consumerId, profile)
    }
    return {
      conversations: this.#loadConversations(rows),
      profiles: Object.fromEntries(profiles),
    }
  }

  #loadConversations(rows: readonly DataRow[]): ConversationSnapshot[] {
    const conversations = new Map<number, LoadedConversation>()
    for (const { key, value } of rows) {
      if (key[0] !== 'conversation') continue
      const row = value as StoredConversation
      this.#nextConversation = Number(key[1])
      const persisted = this.#add(row.state.conversationId)
      persisted.load(row)
      const lists = { entry: new Map(), chatState: new Map() }
      conversations.set(Number(key[1]), { row, persisted, lists })
    }
    for (const { key, value } of rows) {
      const [kind, ...place] = key
      if (kind !== 'entry' && kind !== 'chatState') continue
      const [conversation = -1, dialog = -1, number = -1] = place.map(Number)
      const { persisted, lists } = conversations.get(conversation) ?? {}
      const dialogId = persisted?.loadEntry(kind, dialog, number)
      if (dialogId === undefined) continue
      const list = lists?.[kind].get(dialogId)
      if (list) list.push(value)
      else lists?.[kind].set(dialogId, [value])
    }
    return [...conversations.values()].map(({ row: { state, dropped }, lists }) => ({
      state,
      dropped,
      transcripts: Object.fromEntries(lists.entry) as ConversationSnapshot['transcripts'],
      chatStateHistories: Object.fromEntries(
        lists.chatState,
      ) as ConversationSnapshot['chatStateHistories'],
    }))
  }

  /** Removes the entries that exceed `maxEntries`, which may have been larger when they were written. */
  shorten(): DataChange[] {
    return [...this.#conversations.values()].flatMap(conversation => conversation.shorten())
  }

  #add(conversationId: string): PersistedConversation {
    const added = new PersistedConversation(this.#nextConversation, this.#maxEntries)
    this.#nextConversation += 1
    this.#conversations.set(conversationId, added)
    return added
  }
}

import type { Transition } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { ConversationSnapshot, Profile } from '../store/conversation-record.ts'
import type { StateSnapshot } from '../store/state-store.ts'
import type { Database, DataChange } from './database.ts'
import { PersistedConversation, type StoredConversation } from './persisted-conversation.ts'

interface StoredProfile {
  readonly consumerId: string
  readonly profile: Profile
}

/** What is on disk of one account's conversations and profiles, and which changes take it further. */
export class PersistedAccount {
  readonly number: number
  /** Claims that its id is on disk, or queued to be. */
  isNamed = false
  readonly #maxEntries: number
  readonly #conversations = new Map<string, PersistedConversation>()
  readonly #profiles = new Map<string, number>()
  #nextConversation = 0
  #nextProfile = 0

  constructor(number: number, maxEntries: number) {
    this.number = number
    this.#maxEntries = maxEntries
  }

  /** What a step changes; nothing where the state is what it was and nothing happened. */
  persistTransition(state: ConversationState, events: Transition['events']): readonly DataChange[] {
    const known = this.#conversations.get(state.conversationId)
    if (known?.isAt(state) && events.length === 0) return []
    return (known ?? this.#add(state.conversationId)).take(state, events)
  }

  persistProfile(consumerId: string, profile: Profile): DataChange {
    const number = this.#profiles.get(consumerId) ?? this.#nextProfile
    this.#profiles.set(consumerId, number)
    this.#nextProfile = Math.max(this.#nextProfile, number + 1)
    const value: StoredProfile = { consumerId, profile }
    return { key: ['profile', this.number, number], value }
  }

  forget(conversationId: string): DataChange[] {
    const known = this.#conversations.get(conversationId)
    this.#conversations.delete(conversationId)
    return [...(known?.remove() ?? [])]
  }

  /** Removes all conversations and profiles. */
  *clear(): Iterable<DataChange> {
    for (const conversation of this.#conversations.values()) yield* conversation.remove()
    for (const number of this.#profiles.values())
      yield { key: ['profile', this.number, number], value: undefined }
    this.#conversations.clear()
    this.#profiles.clear()
  }

  /** Puts a snapshot in the place of all that there is. */
  *replace({ conversations, profiles }: StateSnapshot): Iterable<DataChange> {
    yield* this.clear()
    for (const conversation of conversations)
      yield* this.#add(conversation.state.conversationId).write(conversation)
    for (const [consumerId, profile] of Object.entries(profiles))
      yield this.persistProfile(consumerId, profile)
  }

  /** Begins with what is on disk, and gives it. */
  read(database: Database): StateSnapshot {
    const conversations = new Map<number, ConversationSnapshot>()
    const kept = new Map<number, PersistedConversation>()
    for (const { key, value } of database.read('conversation', this.number)) {
      const stored = value as StoredConversation
      const number = Number(key[2])
      const conversation = new PersistedConversation(this.number, number, this.#maxEntries)
      conversation.begin(stored)
      kept.set(number, conversation)
      this.#conversations.set(stored.state.conversationId, conversation)
      this.#nextConversation = number + 1
      const { state, dropped } = stored
      conversations.set(number, { state, dropped, transcripts: {}, chatStateHistories: {} })
    }
    for (const kind of ['entry', 'chatState'] as const)
      for (const { key, value } of database.read(kind, this.number)) {
        const [, , number, place, entry] = key.map(Number)
        const dialogId = kept.get(number ?? -1)?.indexEntry(kind, place ?? -1, entry ?? -1)
        const conversation = conversations.get(number ?? -1)
        if (conversation === undefined || dialogId === undefined) continue
        const lists: Record<string, readonly unknown[]> =
          kind === 'entry' ? conversation.transcripts : conversation.chatStateHistories
        const list = Object.hasOwn(lists, dialogId) ? (lists[dialogId] as unknown[]) : []
        if (list.length === 0)
          Object.defineProperty(lists, dialogId, { value: list, enumerable: true })
        list.push(value)
      }
    const profiles: [string, Profile][] = []
    for (const { key, value } of database.read('profile', this.number)) {
      const { consumerId, profile } = value as StoredProfile
      this.#profiles.set(consumerId, Number(key[2]))
      this.#nextProfile = Number(key[2]) + 1
      profiles.push([consumerId, profile])
    }
    return { conversations: [...conversations.values()], profiles: Object.fromEntries(profiles) }
  }

  /** What the memory does not take of it, because its setting is lower than it was. */
  shorten(): DataChange[] {
    return [...this.#conversations.values()].flatMap(conversation => conversation.shorten())
  }

  #add(conversationId: string): PersistedConversation {
    const added = new PersistedConversation(this.number, this.#nextConversation, this.#maxEntries)
    this.#nextConversation += 1
    this.#conversations.set(conversationId, added)
    return added
  }
}

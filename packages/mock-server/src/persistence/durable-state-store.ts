import type { Profile } from '../store/conversation-record.ts'
import { MemoryStateStore } from '../store/memory-state-store.ts'
import type { Change, ConsumerKey, ConversationKey, StateSnapshot } from '../store/state-store.ts'
import type { DataChange, DataRow } from './database.ts'
import { PersistedAccount } from './persisted-account.ts'

interface DurableStateStoreOptions {
  /** Maximum transcript entries of a conversation. */
  readonly maxEntries: number
  /** Writes changes of an account together with its other unflushed ones; resolves once they are on disk. */
  readonly write: (accountId: string, changes: readonly DataChange[]) => Promise<void>
  /** Resolves once everything of an account that was written so far is on disk. */
  readonly settled: (accountId: string) => Promise<void>
}

/**
 * Persists each change of the memory. A method that changes something resolves once that is on disk, in the order of the calls; a
 * transition that changes nothing resolves once the state that it is based on is on disk.
 */
export class DurableStateStore extends MemoryStateStore {
  readonly #options: DurableStateStoreOptions
  readonly #accounts = new Map<string, PersistedAccount>()

  constructor(options: DurableStateStoreOptions) {
    super(options.maxEntries)
    this.#options = options
  }

  /** Replaces an account by what is on disk. */
  loadRows(accountId: string, rows: readonly DataRow[]): void {
    const account = new PersistedAccount(this.#options.maxEntries)
    this.#accounts.set(accountId, account)
    void super.restore(accountId, account.load(rows))
  }

  /** Removes the entries on disk that exceed the maximum, which may have been larger when they were written. */
  async shorten(accountId: string): Promise<void> {
    await this.#change(accountId, account => account.shorten())
  }

  override async saveProfile(key: ConsumerKey, profile: Profile): Promise<void> {
    void super.saveProfile(key, profile)
    await this.#change(key.accountId, account => [account.persistProfile(key.consumerId, profile)])
  }

  override async remove(key: ConversationKey): Promise<void> {
    void super.remove(key)
    await this.#change(key.accountId, account => account.remove(key.conversationId))
  }

  override async reset(accountId?: string): Promise<void> {
    void super.reset(accountId)
    const accountIds = accountId === undefined ? [...this.#accounts.keys()] : [accountId]
    await Promise.all(accountIds.map(id => this.#change(id, account => [...account.clear()])))
  }

  override async restore(accountId: string, snapshot: StateSnapshot): Promise<void> {
    void super.restore(accountId, snapshot)
    await this.#change(accountId, account => [...account.replace(snapshot)])
  }

  protected override persist(accountId: string, { state, events }: Change): Promise<void> {
    return this.#change(accountId, account =>
      state ? account.persistTransition(state, events) : [],
    )
  }

  #change(
    accountId: string,
    toChanges: (account: PersistedAccount) => readonly DataChange[],
  ): Promise<void> {
    const changes = toChanges(this.#accountOf(accountId))
    const { write, settled } = this.#options
    return changes.length === 0 ? settled(accountId) : write(accountId, changes)
  }

  #accountOf(accountId: string): PersistedAccount {
    const known = this.#accounts.get(accountId)
    if (known) return known
    const added = new PersistedAccount(this.#options.maxEntries)
    this.#accounts.set(accountId, added)
    return added
  }
}

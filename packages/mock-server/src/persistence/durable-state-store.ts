import type { Profile } from '../store/conversation-record.ts'
import { MemoryStateStore } from '../store/memory-state-store.ts'
import type { Change, ConsumerKey, ConversationKey, StateSnapshot } from '../store/state-store.ts'
import type { Database, DataChange } from './database.ts'
import type { GroupCommit } from './group-commit.ts'
import { PersistedAccount } from './persisted-account.ts'

interface DurableStateStoreOptions {
  readonly database: Database
  readonly queue: GroupCommit
  /** Maximum transcript entries of a conversation. */
  readonly maxEntries: number
  /** Collects the other changes of an account that the same batch writes. */
  readonly collectMore: (accountId: string, account: number) => readonly DataChange[]
}

const toAccountRow = (accountId: string, { number }: PersistedAccount): DataChange => ({
  key: ['account', number],
  value: { accountId },
})

/**
 * Persists each change of the memory. A method that changes something resolves once that is on disk, in the order of the calls; a
 * transition that changes nothing resolves once the state that it is based on is on disk.
 */
export class DurableStateStore extends MemoryStateStore {
  readonly #options: DurableStateStoreOptions
  readonly #accounts = new Map<string, PersistedAccount>()
  #nextAccount = 0

  constructor(options: DurableStateStoreOptions) {
    super(options.maxEntries)
    this.#options = options
  }

  /** Reads all accounts, and returns their numbers by id. */
  async loadAll(): Promise<ReadonlyMap<string, number>> {
    const numbers = new Map<string, number>()
    for (const { key, value } of this.#options.database.read('account'))
      numbers.set((value as { readonly accountId: string }).accountId, key[1])
    for (const [accountId, number] of numbers) {
      this.#nextAccount = Math.max(this.#nextAccount, number + 1)
      await this.#read(accountId, number)
      const changes = this.#accounts.get(accountId)?.shorten() ?? []
      if (changes.length > 0) await this.#options.queue.write(accountId, changes)
    }
    return numbers
  }

  /** The accounts that have, or had, rows on disk. */
  persistedAccountIds(): Iterable<string> {
    return this.#accounts.keys()
  }

  /** Rolls back an account to what is on disk, and returns its number. */
  rollBack(accountId: string): number {
    const { number } = this.#accountOf(accountId)
    void this.#read(accountId, number)
    return number
  }

  /** Persists other changes of an account; `undefined` if there are none. */
  write(
    accountId: string,
    toChanges: (account: number) => readonly DataChange[],
  ): Promise<void> | undefined {
    const account = this.#accountOf(accountId)
    const changes = toChanges(account.number)
    if (changes.length === 0) return undefined
    const named = account.isNamed ? changes : [toAccountRow(accountId, account), ...changes]
    account.isNamed = true
    return this.#options.queue.write(accountId, named)
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
    return state
      ? this.#change(accountId, account => account.persistTransition(state, events))
      : this.#options.queue.settled()
  }

  #change(
    accountId: string,
    toChanges: (account: PersistedAccount) => readonly DataChange[],
  ): Promise<void> {
    const { queue, collectMore } = this.#options
    const changes = toChanges(this.#accountOf(accountId))
    if (changes.length === 0) return queue.settled()
    return (
      this.write(accountId, number => [...changes, ...collectMore(accountId, number)]) ??
      queue.settled()
    )
  }

  #accountOf(accountId: string): PersistedAccount {
    const known = this.#accounts.get(accountId)
    if (known) return known
    const added = new PersistedAccount(this.#nextAccount, this.#options.maxEntries)
    this.#nextAccount += 1
    this.#accounts.set(accountId, added)
    return added
  }

  #read(accountId: string, number: number): Promise<void> {
    const account = new PersistedAccount(number, this.#options.maxEntries)
    const snapshot = account.read(this.#options.database)
    this.#accounts.set(accountId, account)
    return super.restore(accountId, snapshot)
  }
}

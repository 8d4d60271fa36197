import { listAccountIds } from '../lifecycle/accounts.ts'
import type { Services } from '../services.ts'
import type { StateStore } from '../store/state-store.ts'
import { DataError } from './data-error.ts'
import { checkLmdb, type Database, type DataChange, openDatabase } from './database.ts'
import { AccountDocuments } from './documents.ts'
import { DurableStateStore } from './durable-state-store.ts'
import { PersistedFiles } from './files.ts'
import { checkDataFolder } from './format.ts'
import { GroupCommit } from './group-commit.ts'

/** Pause between two saves of webhooks, as a multiple of the time that the first one took. */
const webhookPauseFactor = 10

/** Below this the disk is reported as full, in bytes. */
const minFreeBytes = 1024 * 1024

interface Attached {
  readonly services: Services
  readonly documents: AccountDocuments
  readonly files: PersistedFiles
}

/** Persists the accounts of one mock in a data folder, without journal, faults, bots and delivery log. */
export class Persistence {
  readonly #database: Database
  readonly #queue: GroupCommit
  #store: DurableStateStore | undefined
  #attached: Attached | undefined
  /** Settles with the batch that has an account's last queued documents and files. */
  readonly #documentsWritten = new Map<string, Promise<void>>()
  readonly #changedWebhooks = new Set<string>()
  #isSaving = false
  /** The reason why nothing is persisted any more. */
  #lost: DataError | undefined

  constructor(database: Database) {
    this.#database = database
    this.#queue = new GroupCommit({
      commit: async changes => {
        if (this.#lost) throw this.#lost
        await database.commit(changes)
      },
      fail: (error, accountIds) => this.#fail(error, accountIds),
    })
  }

  /** Creates the mock's store. */
  createStore(maxEntries: number): StateStore {
    this.#store = new DurableStateStore({
      maxEntries,
      database: this.#database,
      queue: this.#queue,
      collectMore: (accountId, account) => this.#collectChanges(accountId, account, { all: false }),
    })
    return this.#store
  }

  /** Reports a change of an account's files. */
  markFilesDirty(accountId: string): void {
    this.#attached?.files.markDirty(accountId)
  }

  /** Reports a change of an account's stored or scheduled webhooks; it is persisted without a call of `flush`. */
  markWebhooksDirty(accountId: string): void {
    this.#attached?.documents.markDirty(accountId)
    this.#changedWebhooks.add(accountId)
    this.#saveSoon(0)
  }

  /** Restores all accounts from disk, and resumes their stored webhooks. */
  async load(services: Services): Promise<void> {
    const documents = new AccountDocuments(services)
    const files = new PersistedFiles(services.files)
    const numbers = (await this.#store?.loadAll()) ?? new Map<string, number>()
    for (const [accountId, account] of numbers) files.load(accountId, account, this.#database)
    this.#attached = { services, documents, files }
    for (const [accountId, account] of numbers) documents.load(accountId, account, this.#database)
  }

  /** Persists an account's unflushed changes, those of webhooks with `all` only; `undefined` if all are on disk. */
  flush(accountId: string, { all = false } = {}): Promise<void> | undefined {
    const changes = (account: number): readonly DataChange[] =>
      this.#collectChanges(accountId, account, { all })
    return this.#store?.write(accountId, changes) ?? this.#documentsWritten.get(accountId)
  }

  /** Persists the unflushed changes of all accounts. */
  async flushAll(): Promise<void> {
    if (this.#attached === undefined) return
    const present = await listAccountIds(this.#attached.services)
    // An account that was reset may have rows on disk.
    await this.#flushThese(new Set([...present, ...(this.#store?.persistedAccountIds() ?? [])]))
  }

  /** Persists all unflushed changes, and closes the folder; logs a failure. */
  async close(): Promise<void> {
    try {
      await this.flushAll()
      await this.#queue.settled()
    } catch (error) {
      this.#warn(error)
    }
    this.#attached = undefined
    await this.#database.close()
  }

  async #flushThese(accountIds: ReadonlySet<string>): Promise<void> {
    const writing = [...accountIds].map(accountId => this.flush(accountId, { all: true }))
    await Promise.all(writing.filter(written => written !== undefined))
  }

  #collectChanges(
    accountId: string,
    account: number,
    which: { readonly all: boolean },
  ): DataChange[] {
    if (this.#attached === undefined) return []
    const { documents, files } = this.#attached
    const changes = [
      ...documents.collectChanges(accountId, account, which),
      ...files.collectChanges(accountId, account),
    ]
    if (changes.length === 0) return changes
    const written = this.#queue.next()
    this.#documentsWritten.set(accountId, written)
    const forget = () => {
      if (this.#documentsWritten.get(accountId) === written)
        this.#documentsWritten.delete(accountId)
    }
    written.then(forget, forget)
    return changes
  }

  /** Stored webhooks may be many and change often, so that saving them is limited to a share of the time. */
  #saveSoon(pauseMs: number): void {
    if (this.#isSaving || this.#changedWebhooks.size === 0) return
    this.#isSaving = true
    setTimeout(() => void this.#saveWebhooks(), pauseMs).unref()
  }

  async #saveWebhooks(): Promise<void> {
    const startedAt = performance.now()
    const accountIds = new Set(this.#changedWebhooks)
    this.#changedWebhooks.clear()
    if (this.#attached === undefined) return
    const written = this.#flushThese(accountIds)
    const tookMs = performance.now() - startedAt
    try {
      await written
    } catch (error) {
      this.#warn(error)
    }
    this.#isSaving = false
    this.#saveSoon(tookMs * webhookPauseFactor)
  }

  /** Rolls back every change queued after the failed commit, so that memory equals disk. */
  #fail(error: unknown, accountIds: ReadonlySet<string>): Error {
    if (this.#lost) return this.#lost
    const { folder } = this.#database
    try {
      for (const accountId of accountIds) {
        const account = this.#store?.rollBack(accountId)
        if (account === undefined) continue
        this.#attached?.files.load(accountId, account, this.#database)
        this.#attached?.documents.rollBack(accountId, account, this.#database)
      }
      const isFull = this.#database.freeBytes() < minFreeBytes
      const reason = isFull ? 'the disk is full' : String(error)
      const words = `cannot be written to (${reason}): nothing of this call is kept; make room there, then repeat it`
      return new DataError('unwritable', folder, words, error)
    } catch (readError) {
      const words = `can be neither written to nor read any more (${String(readError)}): nothing is kept from now on; stop the mock, and see what became of the folder`
      this.#lost = new DataError('unreadable', folder, words, readError)
      return this.#lost
    }
  }

  #warn(error: unknown): void {
    this.#attached?.services.log.warn({ err: error }, 'the data folder cannot be written to')
  }
}

/** Opens or creates a data folder, and locks it for this process until it is closed; rejects with a `DataError` that says what to do. */
export async function openPersistence(folder: string): Promise<Persistence> {
  // First, so that no folder is created in vain.
  await checkLmdb(folder)
  await checkDataFolder(folder)
  return new Persistence(await openDatabase(folder))
}

import { listAccountIds } from '../lifecycle/accounts.ts'
import type { Services } from '../services.ts'
import type { StateStore } from '../store/state-store.ts'
import { checkFolder } from './check-folder.ts'
import { CommitQueue } from './commit-queue.ts'
import { DataError } from './data-error.ts'
import type { Database, DataChange, DataRow } from './database.ts'
import { AccountDocuments } from './documents.ts'
import { DurableStateStore } from './durable-state-store.ts'
import { PersistedFiles } from './files.ts'
import { FolderLock } from './folder-lock.ts'
import { isReadableByOthers, prepareFolder } from './format.ts'
import { loadLmdb, openDatabase } from './lmdb-database.ts'
import { PersistedOutbox } from './outbox.ts'

/** Below this the disk is reported as full, in bytes. */
const minFreeBytes = 1024 * 1024

interface Attached {
  readonly services: Services
  readonly documents: AccountDocuments
  readonly files: PersistedFiles
  readonly outbox: PersistedOutbox
}

/** Persists the accounts of one mock in a data folder, without journal, faults, bots and delivery log. */
export class Persistence {
  readonly #database: Database
  readonly #queues = new Map<string, CommitQueue>()
  #store: DurableStateStore | undefined
  #attached: Attached | undefined
  /** The accounts with changes that no call waits for. */
  readonly #changed = new Set<string>()
  /** The reason why nothing is persisted any more. */
  #lost: DataError | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Creates the mock's store. */
  createStore(maxEntries: number): StateStore {
    this.#store = new DurableStateStore({
      maxEntries,
      write: (accountId, changes) => this.#write(accountId, changes),
      settled: accountId => this.#queues.get(accountId)?.pending() ?? Promise.resolve(),
    })
    return this.#store
  }

  /** Reports a change of an account's files. */
  markFilesDirty(accountId: string): void {
    this.#attached?.files.markDirty(accountId)
  }

  /** Reports a change of an account's webhooks, with the arrival of a delivery that changed; it is persisted without a call of `flush`. */
  markWebhooksDirty(accountId: string, arrival?: number): void {
    if (arrival !== undefined) this.#attached?.outbox.markDirty(accountId, arrival)
    if (this.#changed.size === 0) setImmediate(() => this.#flushChanged())
    this.#changed.add(accountId)
  }

  /** Restores all accounts from disk, and resumes their webhooks. Rejects with a `DataError` if that fails. */
  async load(services: Services): Promise<void> {
    const documents = new AccountDocuments(services)
    const files = new PersistedFiles(services.files)
    const outbox = new PersistedOutbox(services.webhooks)
    this.#attached = { services, documents, files, outbox }
    const { folder } = this.#database
    if (await isReadableByOthers(folder))
      services.log.warn(
        { folder },
        'the data folder has client secrets, and others may read it: chmod 700',
      )
    for (const accountId of await this.#database.accountIds()) {
      const rows = await this.#database.load(accountId)
      // Marks it as an account with rows.
      this.#queueOf(accountId)
      try {
        services.clocks.startAfter(toWallTime(rows))
        this.#store?.loadRows(accountId, rows)
        files.load(accountId, rows)
        documents.load(accountId, rows)
        // Last, because this starts deliveries.
        outbox.load(accountId, rows)
        await this.#store?.shorten(accountId)
      } catch (error) {
        if (error instanceof DataError) throw error
        const words = `cannot be loaded (account ${accountId}: ${String(error)}): put back a copy of the folder, or choose an empty one`
        throw new DataError('unreadable', folder, words, error)
      }
    }
  }

  /** Persists an account's unflushed changes; `undefined` if all are on disk. */
  flush(accountId: string): Promise<void> | undefined {
    const changes = this.#collectChanges(accountId)
    if (changes.length > 0) return this.#queueOf(accountId).write(changes)
    return this.#queues.get(accountId)?.pending()
  }

  /** Persists the unflushed changes of all accounts. */
  async flushAll(): Promise<void> {
    if (this.#attached === undefined) return
    const present = await listAccountIds(this.#attached.services)
    // An account that was reset may have rows on disk.
    await this.#flushThese(new Set([...present, ...this.#queues.keys()]))
  }

  /** Persists all unflushed changes, and closes the folder; logs a failure. */
  async close(): Promise<void> {
    try {
      await this.flushAll()
    } catch (error) {
      this.#warn(error)
    }
    this.#attached = undefined
    await this.#database.close()
  }

  async #flushThese(accountIds: ReadonlySet<string>): Promise<void> {
    const writing = [...accountIds].map(accountId => this.flush(accountId))
    await Promise.all(writing.filter(written => written !== undefined))
  }

  #flushChanged(): void {
    const accountIds = new Set(this.#changed)
    this.#changed.clear()
    this.#flushThese(accountIds).catch((error: unknown) => this.#warn(error))
  }

  #collectChanges(accountId: string): DataChange[] {
    if (this.#attached === undefined) return []
    const { documents, files, outbox } = this.#attached
    return [
      ...documents.collectChanges(accountId),
      ...files.collectChanges(accountId),
      ...outbox.collectChanges(accountId),
    ]
  }

  #write(accountId: string, changes: readonly DataChange[]): Promise<void> {
    return this.#queueOf(accountId).write([...changes, ...this.#collectChanges(accountId)])
  }

  #queueOf(accountId: string): CommitQueue {
    const known = this.#queues.get(accountId)
    if (known) return known
    const queue = new CommitQueue({
      commit: changes => this.#commit(accountId, changes),
      prepareRollBack: error => this.#prepareRollBack(accountId, error),
    })
    this.#queues.set(accountId, queue)
    return queue
  }

  async #commit(accountId: string, changes: readonly DataChange[]): Promise<void> {
    if (this.#lost) throw this.#lost
    const wallTime = this.#attached?.services.clocks.wallTime()
    const timed = wallTime === undefined ? changes : [...changes, { key: timeKey, value: wallTime }]
    await this.#database.commit(accountId, this.#database.token, timed)
  }

  /** Rolls back an account, so that its memory equals the disk. */
  async #prepareRollBack(accountId: string, error: unknown): Promise<() => Error> {
    if (error instanceof DataError) this.#lost ??= error
    const lost = this.#lost
    if (lost) return () => lost
    const { folder } = this.#database
    try {
      const rows = await this.#database.load(accountId)
      const isFull = this.#database.freeBytes() < minFreeBytes
      const reason = isFull ? 'the disk is full' : String(error)
      const words = `cannot be written to (${reason}): nothing of this call is kept; make room there, then repeat it`
      const failure = new DataError('unwritable', folder, words, error)
      return () => {
        this.#store?.loadRows(accountId, rows)
        this.#attached?.files.load(accountId, rows)
        this.#attached?.documents.rollBack(accountId, rows)
        this.#attached?.outbox.rollBack(accountId, rows)
        return failure
      }
    } catch (readError) {
      const words = `can be neither written to nor read any more (${String(readError)}): nothing is kept from now on; stop the mock, and see what became of the folder`
      const failure = new DataError('unreadable', folder, words, readError)
      this.#lost = failure
      return () => failure
    }
  }

  #warn(error: unknown): void {
    this.#attached?.services.log.warn({ err: error }, 'the data folder cannot be written to')
  }
}

/** The row with the wall time of an account's last commit. */
const timeKey = ['time'] as const

const toWallTime = (rows: readonly DataRow[]): number =>
  Number(rows.find(({ key }) => key[0] === timeKey[0])?.value ?? 0)

/** Opens or creates a data folder, and locks it for this mock until it is closed; rejects with a `DataError` that says what to do. */
export async function openPersistence(folder: string): Promise<Persistence> {
  // First, so that no folder is created in vain.
  await loadLmdb(folder)
  const { version, complete } = await prepareFolder(folder)
  const lock = new FolderLock(folder)
  try {
    if (version !== undefined) await checkFolder(folder)
    const database = await openDatabase(folder, lock, version)
    await complete()
    return new Persistence(database)
  } catch (error) {
    lock.release()
    throw error
  }
}

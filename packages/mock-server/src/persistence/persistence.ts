import { listAccountIds } from '../lifecycle/accounts.ts'
import type { Services } from '../services.ts'
import type { MemoryStateStore } from '../store/memory-state-store.ts'
import type { StateStore } from '../store/state-store.ts'
import { DataError } from './data-error.ts'
import { type Database, type DataChange, openDatabase } from './database.ts'
import { AccountDocuments } from './documents.ts'
import { DurableStateStore } from './durable-state-store.ts'
import { PersistedFiles } from './files.ts'
import { checkDataFolder } from './format.ts'
import { GroupCommit } from './group-commit.ts'

/** The part of the time that saving stored webhooks may take, as 1 in so many. */
const webhookShare = 10

/** Below this the disk counts as full, in bytes. */
const minFreeBytes = 1024 * 1024

interface Attached {
  readonly service: Services
  readonly documents: AccountDocuments
  readonly files: PersistedFiles
}

/** Keeps all that the accounts of one mock are in a data folder; the journal, faults, bots and the delivery log are not kept. */
export class Persistence {
  readonly #database: Database
  readonly #queue: GroupCommit
  #store: DurableStateStore | undefined
  #attached: Attached | undefined
  /** When the documents that were last queued of an account are on disk. */
  readonly #documentsWritten = new Map<string, Promise<void>>()
  readonly #changedWebhooks = new Set<string>()
  #isSaving = false
  /** Why nothing can be kept any more. */
  #lost: DataError | undefined

  constructor(database: Database) {
    this.#database = database
    this.#queue = new GroupCommit({
      commit: changes => this.#commit(changes),
      fail: (error, accountIds) => this.#fail(error, accountIds),
    })
  }

  /** Makes the store of the mock, which works in the memory. */
  createStore(memory: MemoryStateStore, maxEntries: number): StateStore {
    this.#store = new DurableStateStore({
      memory,
      maxEntries,
      database: this.#database,
      queue: this.#queue,
      collect: (accountId, account) => this.#collect(accountId, account, { all: false }),
    })
    return this.#store
  }

  /** Is told that the files of an account have changed. */
  markFilesDirty(accountId: string): void {
    this.#attached?.files.markDirty(accountId)
  }

  /** Is told that what must survive of an account's webhooks has changed; it is saved soon, whoever calls. */
  markWebhooksDirty(accountId: string): void {
    this.#attached?.documents.markWebhooksDirty(accountId)
    this.#changedWebhooks.add(accountId)
    this.#saveSoon(0)
  }

  /** Brings the mock to what is on disk; stored webhooks go on from there. */
  async load(service: Services): Promise<void> {
    const documents = new AccountDocuments(service)
    const files = new PersistedFiles(service.files)
    const numbers = (await this.#store?.loadAll()) ?? new Map<string, number>()
    for (const [accountId, account] of numbers) files.load(accountId, account, this.#database)
    this.#attached = { service, documents, files }
    for (const [accountId, account] of numbers) documents.load(accountId, account, this.#database)
  }

  /** Writes what has changed of an account beside its steps; `undefined` where all is on disk. */
  flush(accountId: string, { all = false } = {}): Promise<void> | undefined {
    const changes = (account: number): readonly DataChange[] =>
      this.#collect(accountId, account, { all })
    return this.#store?.write(accountId, changes) ?? this.#documentsWritten.get(accountId)
  }

  /** Writes what has changed of all accounts. */
  async flushAll(): Promise<void> {
    if (this.#attached === undefined) return
    const accountIds = await listAccountIds(this.#attached.service)
    await this.#keepThese(accountIds)
  }

  /** Writes what is left to be written, and gives the folder free; logs what could not be written. */
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

  async #keepThese(accountIds: readonly string[]): Promise<void> {
    const written = accountIds.map(accountId => this.flush(accountId, { all: true }))
    await Promise.all(written.filter(writing => writing !== undefined))
  }

  #collect(accountId: string, account: number, which: { readonly all: boolean }): DataChange[] {
    if (this.#attached === undefined) return []
    const { documents, files } = this.#attached
    const changes = [
      ...documents.collect(accountId, account, which),
      ...files.collect(accountId, account),
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

  /** Stored webhooks may be many and change often: they are written again and again, but not all the time. */
  #saveSoon(pauseMs: number): void {
    if (this.#isSaving || this.#changedWebhooks.size === 0) return
    this.#isSaving = true
    setTimeout(() => void this.#saveWebhooks(), pauseMs).unref()
  }

  async #saveWebhooks(): Promise<void> {
    const startedAt = performance.now()
    const accountIds = [...this.#changedWebhooks]
    this.#changedWebhooks.clear()
    if (this.#attached === undefined) return
    const written = this.#keepThese(accountIds)
    const tookMs = performance.now() - startedAt
    try {
      await written
    } catch (error) {
      this.#warn(error)
    }
    this.#isSaving = false
    this.#saveSoon(tookMs * webhookShare)
  }

  async #commit(changes: readonly DataChange[]): Promise<void> {
    if (this.#lost) throw this.#lost
    await this.#database.commit(changes)
  }

  /** What was worked out on top of a failed write is given up with it, so that the memory says what the disk says. */
  #fail(error: unknown, accountIds: ReadonlySet<string>): Error {
    if (this.#lost) return this.#lost
    const { folder } = this.#database
    try {
      for (const accountId of accountIds) this.#rollBack(accountId)
      const isFull = this.#database.freeBytes() < minFreeBytes
      const reason = isFull ? 'the disk is full' : String(error)
      return new DataError(
        'unwritable',
        `The data folder ${folder} cannot be written to (${reason}): nothing of this call is kept; make room there, then repeat it`,
        { cause: error },
      )
    } catch (readError) {
      this.#lost = new DataError(
        'unreadable',
        `The data folder ${folder} can be neither written to nor read any more (${String(readError)}): nothing is kept from now on; stop the mock, and see what became of the folder`,
        { cause: readError },
      )
      return this.#lost
    }
  }

  #rollBack(accountId: string): void {
    const account = this.#store?.rollBack(accountId)
    if (account === undefined || this.#attached === undefined) return
    const { documents, files } = this.#attached
    files.load(accountId, account, this.#database)
    documents.rollBackInstall(accountId, account, this.#database)
    documents.forget(accountId)
  }

  #warn(error: unknown): void {
    this.#attached?.service.log.warn({ err: error }, 'the data folder cannot be written to')
  }
}

/** Opens a data folder, or makes it; rejects with a `DataError` that says what to do. The folder is this process's alone until it is closed. */
export async function openPersistence(folder: string): Promise<Persistence> {
  await checkDataFolder(folder)
  return new Persistence(await openDatabase(folder))
}

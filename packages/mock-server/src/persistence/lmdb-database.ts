import { statfsSync } from 'node:fs'
import path from 'node:path'
import type { Database as LmdbStore, RootDatabase } from 'lmdb'
import { DataError } from './data-error.ts'
import type { Database, DataRow, RowKey } from './database.ts'
import { type FolderLock, toLockedError } from './folder-lock.ts'
import { upgradeRows } from './format-1.ts'
import { decodeRow, encodeRow } from './row-codec.js'

type Key = (number | string)[]

/** The LMDB database of a data folder. */
interface Lmdb {
  readonly root: RootDatabase<unknown, Key>
  /** `['account', number]` names an account, `[number, ...RowKey]` are its rows. */
  readonly rows: LmdbStore<Uint8Array, Key>
}

/** Loads lmdb, an optional peer, as it has a native part and only data folders need it. Rejects with a `DataError` that says how to install it. */
export async function loadLmdb(folder: string): Promise<typeof import('lmdb')> {
  try {
    return await import('lmdb')
  } catch (error) {
    const words = 'needs the package lmdb, which cannot be loaded: npm i lmdb@^3.5.6'
    throw new DataError('lmdbMissing', folder, words, error)
  }
}

/**
 * How LMDB is opened. An explicit batch rejects once; batches per event turn would leave unhandled rejections. No flag turns off a sync: a commit resolves
 * after `fdatasync` and a synchronous write of the head.
 */
const lmdbOptions = { eventTurnBatching: false } as const

async function openLmdb(folder: string): Promise<Lmdb> {
  const { open } = await loadLmdb(folder)
  try {
    const root = open<unknown, Key>({ ...lmdbOptions, path: path.join(folder, 'lmdb') })
    const rows = root.openDB<Uint8Array, Key>('rows', { encoding: 'binary' })
    // The first read allocates the slot that others see; of two processes that start together, both may be refused.
    rows.get(['lock'])
    return { root, rows }
  } catch (error) {
    const words = `cannot be opened (${String(error)}): see that no mock in another container has it, that this user may write there and that the disk is not full, put back a copy of the folder, or choose an empty one`
    throw new DataError('unreadable', folder, words, error)
  }
}

/** Who else reads the database. `readerCheck` clears the slots of killed processes, whose locks the system released. */
function findOtherUser(root: RootDatabase<unknown, Key>): string | undefined {
  root.readerCheck()
  const [, ...lines] = root.readerList().split('\n')
  const pids = lines.map(line => Number.parseInt(line, 10)).filter(Number.isInteger)
  const other = pids.find(pid => pid !== process.pid)
  if (other !== undefined) return `process ${other}`
  return pids.length > 1 ? 'another thread of this process' : undefined
}

/** The cause of a failed commit, which lmdb-js gives as a rejected promise. */
async function toCommitError(error: unknown): Promise<unknown> {
  const cause = error instanceof Error && 'commitError' in error ? error.commitError : undefined
  try {
    await cause
    return error
  } catch (reason) {
    return reason
  }
}

const toDamageError = (folder: string, error: unknown): DataError => {
  const reason = error instanceof Error ? error.message : String(error)
  const words = `is damaged (${reason}): put back a copy of the folder, or choose an empty one`
  return new DataError('damaged', folder, words, error)
}

class LmdbDatabase implements Database {
  readonly folder: string
  readonly #lmdb: Lmdb
  readonly #lock: FolderLock
  readonly #numbers = new Map<string, number>()
  /** The accounts whose rows with their ids are on disk. */
  readonly #named = new Set<number>()
  #nextNumber = 0
  #isClosed = false

  constructor(folder: string, lmdb: Lmdb, lock: FolderLock) {
    this.folder = folder
    this.#lmdb = lmdb
    this.#lock = lock
    for (const { key, value } of lmdb.rows.getRange({
      start: ['account'],
      end: ['account', Infinity],
    })) {
      const number = Number(key[1])
      const { accountId } = decodeRow(key, value) as { readonly accountId: string }
      this.#numbers.set(accountId, number)
      this.#named.add(number)
      this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    }
  }

  get token(): string {
    return this.#lock.token
  }

  async accountIds(): Promise<readonly string[]> {
    return [...this.#numbers.keys()]
  }

  async load(accountId: string): Promise<readonly DataRow[]> {
    this.#refuseClosed()
    const number = this.#numbers.get(accountId)
    if (number === undefined) return []
    try {
      return this.#lmdb.rows
        .getRange({ start: [number], end: [number + 1] })
        .map(({ key, value }) => ({
          key: key.slice(1) as unknown as RowKey,
          value: decodeRow(key, value),
        })).asArray
    } catch (error) {
      throw toDamageError(this.folder, error)
    }
  }

  async commit(accountId: string, token: string, changes: readonly DataRow[]): Promise<void> {
    this.#refuseClosed()
    if (token !== this.token || !this.#lock.isHeld) {
      const words =
        'was removed, or another mock has claimed it: stop this mock, and start it again'
      throw new DataError('fenced', this.folder, words)
    }
    const { root, rows } = this.#lmdb
    const number = this.#numberOf(accountId)
    const put = (key: Key, value: unknown): void => {
      if (value === undefined) void rows.remove(key)
      else void rows.put(key, encodeRow(key, value))
    }
    try {
      await root.batch(() => {
        if (!this.#named.has(number)) put(['account', number], { accountId })
        for (const { key, value } of changes) put([number, ...key], value)
      })
    } catch (error) {
      throw await toCommitError(error)
    }
    this.#named.add(number)
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#lmdb.root.close()
    this.#lock.release()
  }

  #numberOf(accountId: string): number {
    const known = this.#numbers.get(accountId)
    if (known !== undefined) return known
    const number = this.#nextNumber
    this.#nextNumber += 1
    this.#numbers.set(accountId, number)
    return number
  }

  /** LMDB may end the process over a read from a closed database. */
  #refuseClosed(): void {
    if (this.#isClosed) throw new Error('the mock was closed')
  }
}

/** Opens the database of a data folder of a format, claims the folder, and upgrades it; on a failure the lock is released. */
export async function openDatabase(
  folder: string,
  lock: FolderLock,
  version?: number,
): Promise<Database> {
  let root: RootDatabase<unknown, Key> | undefined
  try {
    const lmdb = await openLmdb(folder)
    root = lmdb.root
    const other = findOtherUser(root)
    if (other !== undefined) throw toLockedError(folder, other)
    await lock.claim()
    if (version === 1) await upgradeRows(lmdb.root, lmdb.rows)
    return new LmdbDatabase(folder, lmdb, lock)
  } catch (error) {
    await root?.close()
    lock.release()
    throw error instanceof DataError ? error : toDamageError(folder, error)
  }
}

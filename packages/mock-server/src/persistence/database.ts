import { realpathSync, statfsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import type { RootDatabase } from 'lmdb'
import { DataError } from './data-error.ts'

/** Offset of a page's meta data, behind its header. */
const metaOffset = 24

/** Offsets of fields from the magic number on, and the length of all of them. */
const meta = { magic: 0, version: 4, pageBytes: 24, lastPage: 120, bytes: 136 } as const

const magic = 0xbe_ef_c0_de
const version = 2

async function readMeta(file: FileHandle, at: number): Promise<Buffer> {
  const buffer = Buffer.alloc(meta.bytes)
  await file.read(buffer, 0, meta.bytes, at + metaOffset)
  return buffer
}

const isMeta = (page: Buffer): boolean =>
  page.readUInt32LE(meta.magic) === magic && page.readUInt32LE(meta.version) === version

const lastPageOf = (page: Buffer): number => Number(page.readBigUInt64LE(meta.lastPage))

/**
 * The reason why a file is no complete LMDB database; `undefined` if it is one, is empty or does not exist. LMDB itself would end the
 * process over such a file.
 */
async function refuseDatabaseFile(file: string): Promise<string | undefined> {
  let handle: FileHandle
  try {
    handle = await open(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { size } = await handle.stat()
    if (size === 0) return undefined
    const first = await readMeta(handle, 0)
    if (!isMeta(first)) return 'its database is damaged'
    const pageBytes = first.readUInt32LE(meta.pageBytes)
    const second = await readMeta(handle, pageBytes)
    // One of the two may be ahead of the data on disk; LMDB then uses the other.
    const lastPage = Math.min(...[first, second].filter(isMeta).map(lastPageOf))
    return size < (lastPage + 1) * pageBytes ? 'its database is cut off' : undefined
  } finally {
    await handle.close()
  }
}

/** Kind, number of the account, then numbers that identify a row in it, or a document's name. */
export type DataKey = readonly [kind: string, account: number, ...row: (number | string)[]]

/** A row to write; `undefined` removes it. */
export interface DataChange {
  readonly key: DataKey
  readonly value: unknown
}

/** The rows of a data folder: JSON or bytes, by key. */
export interface Database {
  readonly folder: string
  /** Writes all changes or none, and resolves once they are on disk. */
  commit(changes: readonly DataChange[]): Promise<void>
  /** Reads all rows of a kind, or of a kind and an account, in the order of the keys. */
  read(kind: string, account?: number): Iterable<{ readonly key: DataKey; readonly value: unknown }>
  /** Free bytes of the file system. */
  freeBytes(): number
  close(): Promise<void>
}

type Key = (number | string)[]

/** The folders that this process has open: LMDB's lock distinguishes processes only. */
const openFolders = new Set<string>()

const refuseLocked = (folder: string, who: string): never => {
  const words = `is in use by ${who}: stop that mock, or choose another folder`
  throw new DataError('locked', folder, words)
}

/** Ids of the processes that have the folder open. `readerCheck` clears the reader slots of killed ones, whose locks the system released. */
function listUsers(root: RootDatabase): number[] {
  root.readerCheck()
  const [, ...lines] = root.readerList().split('\n')
  return lines.map(line => Number.parseInt(line, 10)).filter(Number.isInteger)
}

const refuseUnreadable = (folder: string, reason: string, cause?: unknown): never => {
  const words = `cannot be opened (${reason}): see that this user may write there and that the disk is not full, put back a copy of the folder, or choose an empty one`
  throw new DataError('unreadable', folder, words, cause)
}

/** Loads lmdb, an optional peer, as it has a native part and only data folders need it. */
async function loadLmdb(folder: string) {
  try {
    return await import('lmdb')
  } catch (error) {
    const words = 'needs the package lmdb, which cannot be loaded: npm i lmdb@^3.5.6'
    throw new DataError('lmdbMissing', folder, words, error)
  }
}

/** Rejects with a `DataError` that says how to install lmdb, if it is missing. */
export async function checkLmdb(folder: string): Promise<void> {
  await loadLmdb(folder)
}

async function openLmdb(folder: string) {
  const lmdb = await loadLmdb(folder)
  const lmdbFolder = path.join(folder, 'lmdb')
  try {
    const refused = await refuseDatabaseFile(path.join(lmdbFolder, 'data.mdb'))
    if (refused !== undefined) return refuseUnreadable(folder, refused)
    // An explicit batch rejects once; batches per event turn would leave unhandled rejections.
    const root = lmdb.open<unknown, Key>({ path: lmdbFolder, eventTurnBatching: false })
    const documents = root.openDB<unknown, Key>('documents', { encoding: 'json' })
    const files = root.openDB<Uint8Array, Key>('files', { encoding: 'binary' })
    return { root, documents, files }
  } catch (error) {
    if (error instanceof DataError) throw error
    return refuseUnreadable(folder, String(error), error)
  }
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

/** Opens and locks the database of a data folder. */
export async function openDatabase(folder: string): Promise<Database> {
  const realFolder = realpathSync(folder)
  if (openFolders.has(realFolder)) refuseLocked(folder, 'this process')
  openFolders.add(realFolder)
  const { root, documents, files } = await openLmdb(folder).catch((error: unknown) => {
    openFolders.delete(realFolder)
    throw error
  })
  let isClosed = false
  // LMDB may end the process over a read from a closed database.
  const refuseClosed = (): void => {
    if (isClosed) throw new Error('the mock was closed')
  }
  const close = async (): Promise<void> => {
    isClosed = true
    await root.close()
    openFolders.delete(realFolder)
  }
  // The first read allocates the slot that others see; of two processes that start together, both may be refused.
  documents.get(['lock'])
  const other = listUsers(root).find(pid => pid !== process.pid)
  if (other !== undefined) {
    await close()
    refuseLocked(folder, `process ${other}`)
  }
  const apply = ({ key, value }: DataChange): void => {
    const isFile = key[0] === 'bytes'
    if (value === undefined) void (isFile ? files : documents).remove([...key])
    else if (value instanceof Uint8Array) void files.put([...key], value)
    else void documents.put([...key], value)
  }
  return {
    folder,
    async commit(changes) {
      refuseClosed()
      try {
        await root.batch(() => {
          for (const change of changes) apply(change)
        })
      } catch (error) {
        throw await toCommitError(error)
      }
    },
    *read(kind, account) {
      refuseClosed()
      const store = kind === 'bytes' ? files : documents
      const [from, to] =
        account === undefined ? [0, Number.MAX_SAFE_INTEGER] : [account, account + 1]
      for (const { key, value } of store.getRange({ start: [kind, from], end: [kind, to] }))
        yield { key: key as unknown as DataKey, value }
    },
    freeBytes() {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    close,
  }
}

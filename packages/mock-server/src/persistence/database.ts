import { realpathSync, statfsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import type { Database as LmdbDatabase, RootDatabase } from 'lmdb'
import { DataError } from './data-error.ts'

/** Where a page says what it is: behind its head. */
const metaOffset = 24

/** Where the parts of a meta page are, from its magic number on, and how long they are in all. */
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
 * Says why a file is no database of LMDB, or is only a part of one; `undefined` where it is whole, empty or not there. LMDB itself ends
 * the process over such a file.
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
    // One of the two may be ahead of what reached the disk; LMDB goes by the other then.
    const lastPage = Math.min(...[first, second].filter(isMeta).map(lastPageOf))
    return size < (lastPage + 1) * pageBytes ? 'its database is cut off' : undefined
  } finally {
    await handle.close()
  }
}

/** What kind of thing it is, of which account, then which one; all but the kind are numbers that the folder gives. */
export type DataKey = readonly [kind: string, account: number, ...place: (number | string)[]]

/** A value to be kept; one that is `undefined` is removed. */
export interface DataChange {
  readonly key: DataKey
  readonly value: unknown
}

/** What a folder keeps: JSON by key, and bytes by key. */
export interface Database {
  readonly folder: string
  /** Writes all changes or none, and resolves once they are on disk. */
  commit(changes: readonly DataChange[]): Promise<void>
  /** Reads what is kept below a key, in the order of the keys. */
  read(kind: string, account?: number): Iterable<{ readonly key: DataKey; readonly value: unknown }>
  /** How many bytes are free where the folder is. */
  freeBytes(): number
  close(): Promise<void>
}

type Key = (number | string)[]

/** The folders that this process has open: the lock tells processes apart, not their threads. */
const openFolders = new Set<string>()

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array

const refuseLocked = (folder: string, who: string): never => {
  throw new DataError(
    'locked',
    `The data folder ${folder} is in use by ${who}: stop that mock, or choose another folder`,
  )
}

/**
 * Who has the folder open, as process ids. LMDB keeps a slot for each reader, with a lock of the system that goes with its process,
 * so a slot of a mock that was killed is found out and cleared.
 */
function listUsers(root: RootDatabase): number[] {
  root.readerCheck()
  const [, ...lines] = root.readerList().split('\n')
  return lines.map(line => Number.parseInt(line, 10)).filter(Number.isInteger)
}

interface Opened {
  readonly root: RootDatabase<unknown, Key>
  readonly documents: LmdbDatabase<unknown, Key>
  readonly files: LmdbDatabase<Uint8Array, Key>
}

const refuseUnreadable = (folder: string, reason: string, cause?: unknown): never => {
  throw new DataError(
    'unreadable',
    `The data folder ${folder} cannot be opened (${reason}): see that this user may write there and that the disk is not full, put back a copy of the folder, or choose an empty one`,
    { cause },
  )
}

async function openLmdb(folder: string): Promise<Opened> {
  const lmdb = await import('lmdb')
  const place = path.join(folder, 'lmdb')
  try {
    const refused = await refuseDatabaseFile(path.join(place, 'data.mdb'))
    if (refused !== undefined) return refuseUnreadable(folder, refused)
    // Batches of our own are told of a failure once; those of an event's turn would leave rejections that nobody handles.
    const root = lmdb.open<unknown, Key>({ path: place, eventTurnBatching: false })
    const documents = root.openDB<unknown, Key>('documents', { encoding: 'json' })
    const files = root.openDB<Uint8Array, Key>('files', { encoding: 'binary' })
    return { root, documents, files }
  } catch (error) {
    if (error instanceof DataError) throw error
    return refuseUnreadable(folder, String(error), error)
  }
}

/** The cause of a failed commit comes as a promise that is rejected. */
async function explainCommit(error: unknown): Promise<unknown> {
  const cause = error instanceof Error && 'commitError' in error ? error.commitError : undefined
  try {
    await cause
    return error
  } catch (reason) {
    return reason
  }
}

/** Opens the database of a data folder for this process alone; lmdb is loaded here, and nowhere else. */
export async function openDatabase(folder: string): Promise<Database> {
  const place = realpathSync(folder)
  if (openFolders.has(place)) refuseLocked(folder, 'this process')
  openFolders.add(place)
  const { root, documents, files } = await openLmdb(folder).catch((error: unknown) => {
    openFolders.delete(place)
    throw error
  })
  let isClosed = false
  // LMDB may end the process over a read from what is closed.
  const refuseClosed = (): void => {
    if (isClosed) throw new Error('the mock was closed')
  }
  const close = async (): Promise<void> => {
    isClosed = true
    await root.close()
    openFolders.delete(place)
  }
  // The first read takes the slot by which others see this process: two that start at once both give way.
  documents.get(['lock'])
  const other = listUsers(root).find(pid => pid !== process.pid)
  if (other !== undefined) {
    await close()
    refuseLocked(folder, `process ${other}`)
  }
  const apply = ({ key, value }: DataChange): void => {
    const isFile = key[0] === 'bytes'
    if (value === undefined) void (isFile ? files : documents).remove([...key])
    else if (isBytes(value)) void files.put([...key], value)
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
        throw await explainCommit(error)
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

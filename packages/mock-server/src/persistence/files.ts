import type { FileStore } from '../files/file-store.ts'
import type { DataChange, DataRow } from './database.ts'

interface PersistedFile {
  readonly number: number
  readonly bytes: Uint8Array
}

/** The files of all accounts, and the changes that bring those on disk up to date. */
export class PersistedFiles {
  readonly #files: FileStore
  /** The files that are on disk or queued, by account id and `relativePath`. */
  readonly #persisted = new Map<string, Map<string, PersistedFile>>()
  readonly #dirty = new Set<string>()
  #nextNumber = 0

  constructor(files: FileStore) {
    this.#files = files
  }

  /** Reports a change of an account's files. */
  markDirty(accountId: string): void {
    this.#dirty.add(accountId)
  }

  /** The changes of an account since the last call. */
  collectChanges(accountId: string): DataChange[] {
    if (!this.#dirty.delete(accountId)) return []
    const present = this.#files.listOf(accountId)
    const persisted = this.#persisted.get(accountId) ?? new Map<string, PersistedFile>()
    this.#persisted.set(accountId, persisted)
    const changes: DataChange[] = []
    for (const [relativePath, { number, bytes }] of persisted)
      if (present.get(relativePath) !== bytes) {
        persisted.delete(relativePath)
        changes.push({ key: ['file', number], value: undefined })
        changes.push({ key: ['bytes', number], value: undefined })
      }
    for (const [relativePath, bytes] of present)
      if (!persisted.has(relativePath)) {
        const number = this.#nextNumber
        this.#nextNumber += 1
        persisted.set(relativePath, { number, bytes })
        changes.push({ key: ['file', number], value: { relativePath } })
        changes.push({ key: ['bytes', number], value: bytes })
      }
    return changes
  }

  /** Replaces the files of an account by those on disk. */
  load(accountId: string, rows: readonly DataRow[]): void {
    const valuesOf = (kind: string): ReadonlyMap<number, unknown> =>
      new Map(rows.flatMap(({ key, value }) => (key[0] === kind ? [[Number(key[1]), value]] : [])))
    const bytesOf = valuesOf('bytes')
    const persisted = new Map<string, PersistedFile>()
    this.#files.reset(accountId)
    for (const [number, value] of valuesOf('file')) {
      const { relativePath } = value as { readonly relativePath: string }
      const bytes = (bytesOf.get(number) as Uint8Array | undefined) ?? new Uint8Array()
      this.#files.save(accountId, relativePath, bytes)
      persisted.set(relativePath, { number, bytes })
      this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    }
    this.#persisted.set(accountId, persisted)
    this.#dirty.delete(accountId)
  }
}

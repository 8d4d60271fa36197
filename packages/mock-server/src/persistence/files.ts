import type { FileStore } from '../files/file-store.ts'
import type { Database, DataChange } from './database.ts'

interface KeptFile {
  readonly number: number
  readonly bytes: Uint8Array
}

/** Finds out which files of an account differ from what was last queued to be written. */
export class PersistedFiles {
  readonly #files: FileStore
  readonly #queued = new Map<string, Map<string, KeptFile>>()
  readonly #changed = new Set<string>()
  #nextNumber = 0

  constructor(files: FileStore) {
    this.#files = files
  }

  markDirty(accountId: string): void {
    this.#changed.add(accountId)
  }

  /** The changes of an account since they were last asked for. */
  collect(accountId: string, account: number): DataChange[] {
    if (!this.#changed.delete(accountId)) return []
    const present = this.#files.listOf(accountId)
    const queued = this.#queuedOf(accountId)
    const changes: DataChange[] = []
    for (const [relativePath, { number, bytes }] of queued)
      if (present.get(relativePath) !== bytes) {
        queued.delete(relativePath)
        changes.push({ key: ['file', account, number], value: undefined })
        changes.push({ key: ['bytes', account, number], value: undefined })
      }
    for (const [relativePath, bytes] of present)
      if (!queued.has(relativePath)) {
        const number = this.#nextNumber
        this.#nextNumber += 1
        queued.set(relativePath, { number, bytes })
        changes.push({ key: ['file', account, number], value: { relativePath } })
        changes.push({ key: ['bytes', account, number], value: bytes })
      }
    return changes
  }

  /** Brings the files of an account to what is on disk. */
  load(accountId: string, account: number, database: Database): void {
    const bytesOf = new Map<number, Uint8Array>()
    for (const { key, value } of database.read('bytes', account))
      bytesOf.set(Number(key[2]), Uint8Array.from(value as Uint8Array))
    const queued = new Map<string, KeptFile>()
    this.#files.clear(accountId)
    for (const { key, value } of database.read('file', account)) {
      const number = Number(key[2])
      const { relativePath } = value as { readonly relativePath: string }
      const bytes = bytesOf.get(number) ?? new Uint8Array()
      this.#files.save(accountId, relativePath, bytes)
      queued.set(relativePath, { number, bytes })
      this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    }
    this.#queued.set(accountId, queued)
    this.#changed.delete(accountId)
  }

  #queuedOf(accountId: string): Map<string, KeptFile> {
    const queued = this.#queued.get(accountId) ?? new Map<string, KeptFile>()
    this.#queued.set(accountId, queued)
    return queued
  }
}

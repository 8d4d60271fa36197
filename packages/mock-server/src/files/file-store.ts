import { z } from 'zod'

/** The most bytes that are kept for one account; the oldest files make room for new ones. */
const maxTotalBytes = 64 * 1024 * 1024

/** A file as a snapshot keeps it. */
export const FileSnapshotSchema = z.strictObject({
  relativePath: z.string().min(1),
  /** The bytes. */
  base64: z
    .string()
    .refine(text => Buffer.from(text, 'base64').toString('base64') === text, 'bytes in base64')
    .meta({ contentEncoding: 'base64' }),
})
export type FileSnapshot = z.output<typeof FileSnapshotSchema>

/** Files that were uploaded, by account and `relativePath`. */
export class FileStore {
  readonly #accounts = new Map<string, Map<string, Uint8Array>>()
  readonly #noteChange: (accountId: string) => void

  /** `noteChange` is told of each account whose files change. */
  constructor(noteChange: (accountId: string) => void = () => {}) {
    this.#noteChange = noteChange
  }

  save(accountId: string, relativePath: string, bytes: Uint8Array): void {
    const files = this.#accounts.get(accountId) ?? new Map<string, Uint8Array>()
    this.#accounts.set(accountId, files)
    files.delete(relativePath)
    files.set(relativePath, bytes)
    this.#noteChange(accountId)
    let total = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
    for (const [path, { byteLength }] of files) {
      if (total <= maxTotalBytes) return
      files.delete(path)
      total -= byteLength
    }
  }

  load(accountId: string, relativePath: string): Uint8Array | undefined {
    return this.#accounts.get(accountId)?.get(relativePath)
  }

  /** The files of an account by `relativePath`, oldest first. */
  listOf(accountId: string): ReadonlyMap<string, Uint8Array> {
    return this.#accounts.get(accountId) ?? new Map<string, Uint8Array>()
  }

  /** The accounts that have files. */
  accountIds(): string[] {
    return [...this.#accounts.keys()]
  }

  /** Forgets the files of an account. */
  clear(accountId: string): void {
    this.#accounts.delete(accountId)
    this.#noteChange(accountId)
  }

  /** Copies the files of an account, oldest first. */
  snapshot(accountId: string): FileSnapshot[] {
    return [...(this.#accounts.get(accountId) ?? [])].map(([relativePath, bytes]) => ({
      relativePath,
      base64: Buffer.from(bytes).toString('base64'),
    }))
  }

  /** Puts files in the place of those of an account. */
  restore(accountId: string, files: readonly FileSnapshot[]): void {
    this.clear(accountId)
    for (const { relativePath, base64 } of files)
      this.save(accountId, relativePath, Buffer.from(base64, 'base64'))
  }
}

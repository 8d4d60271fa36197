import { z } from 'zod'

/** Maximum bytes per account; the oldest files are evicted. */
const maxTotalBytes = 64 * 1024 * 1024

/** A file in a snapshot. */
export const FileSnapshotSchema = z.strictObject({
  relativePath: z.string().min(1),
  /** The bytes. */
  base64: z
    .string()
    .refine(text => Buffer.from(text, 'base64').toString('base64') === text, 'bytes in base64')
    .meta({ contentEncoding: 'base64' }),
})
export type FileSnapshot = z.output<typeof FileSnapshotSchema>

/** Uploaded files, by account and `relativePath`. */
export class FileStore {
  readonly #accounts = new Map<string, Map<string, Uint8Array>>()
  readonly #markDirty: (accountId: string) => void

  /** `markDirty` is called for each account whose files change. */
  constructor(markDirty: (accountId: string) => void = () => {}) {
    this.#markDirty = markDirty
  }

  save(accountId: string, relativePath: string, bytes: Uint8Array): void {
    const files = this.#accounts.get(accountId) ?? new Map<string, Uint8Array>()
    this.#accounts.set(accountId, files)
    files.delete(relativePath)
    files.set(relativePath, bytes)
    this.#markDirty(accountId)
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

  /** Removes all files. */
  reset(accountId?: string): void {
    for (const id of accountId === undefined ? this.accountIds() : [accountId]) {
      this.#accounts.delete(id)
      this.#markDirty(id)
    }
  }

  snapshot(accountId: string): { files: FileSnapshot[] } {
    const files = [...this.listOf(accountId)].map(([relativePath, bytes]) => ({
      relativePath,
      base64: Buffer.from(bytes).toString('base64'),
    }))
    return { files }
  }

  restore(accountId: string, { files }: { files: readonly FileSnapshot[] }): void {
    this.reset(accountId)
    for (const { relativePath, base64 } of files)
      this.save(accountId, relativePath, Buffer.from(base64, 'base64'))
  }
}

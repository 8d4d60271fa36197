import { z } from 'zod'

/** Maximum bytes per account; the oldest files are evicted. */
const maxTotalBytes = 64 * 1024 * 1024

/** Maximum number of files per account; the oldest are evicted. */
export const maxFiles = 10_000

/** The files of an account, oldest first, and their bytes together. */
interface AccountFiles {
  readonly files: Map<string, Uint8Array>
  bytes: number
}

function remove(account: AccountFiles, relativePath: string): void {
  account.bytes -= account.files.get(relativePath)?.byteLength ?? 0
  account.files.delete(relativePath)
}

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
  readonly #accounts = new Map<string, AccountFiles>()
  readonly #markDirty: (accountId: string) => void

  /** `markDirty` is called for each account whose files change. */
  constructor(markDirty: (accountId: string) => void = () => {}) {
    this.#markDirty = markDirty
  }

  save(accountId: string, relativePath: string, bytes: Uint8Array): void {
    const account = this.#accounts.get(accountId) ?? { files: new Map(), bytes: 0 }
    const { files } = account
    this.#accounts.set(accountId, account)
    remove(account, relativePath)
    files.set(relativePath, bytes)
    account.bytes += bytes.byteLength
    this.#markDirty(accountId)
    for (const path of files.keys()) {
      if (account.bytes <= maxTotalBytes && files.size <= maxFiles) return
      remove(account, path)
    }
  }

  load(accountId: string, relativePath: string): Uint8Array | undefined {
    return this.#accounts.get(accountId)?.files.get(relativePath)
  }

  /** The files of an account by `relativePath`, oldest first. */
  listOf(accountId: string): ReadonlyMap<string, Uint8Array> {
    return this.#accounts.get(accountId)?.files ?? new Map<string, Uint8Array>()
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

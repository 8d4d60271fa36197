/** The most bytes that are kept for one account; the oldest files make room for new ones. */
const largestTotalBytes = 64 * 1024 * 1024

/** Files that were uploaded, by account and `relativePath`. */
export class FileStore {
  readonly #accounts = new Map<string, Map<string, Uint8Array>>()

  save(accountId: string, relativePath: string, bytes: Uint8Array): void {
    const files = this.#accounts.get(accountId) ?? new Map<string, Uint8Array>()
    this.#accounts.set(accountId, files)
    files.delete(relativePath)
    files.set(relativePath, bytes)
    let total = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
    for (const [path, { byteLength }] of files) {
      if (total <= largestTotalBytes) return
      files.delete(path)
      total -= byteLength
    }
  }

  load(accountId: string, relativePath: string): Uint8Array | undefined {
    return this.#accounts.get(accountId)?.get(relativePath)
  }

  clear(): void {
    this.#accounts.clear()
  }
}

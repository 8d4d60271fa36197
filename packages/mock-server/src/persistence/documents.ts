import { type AccountPart, type PartDocument, partNames } from '../accounts/account-part.ts'
import type { AccountParts } from '../services.ts'
import type { Database, DataChange } from './database.ts'

const readDocuments = (database: Database, account: number): ReadonlyMap<unknown, unknown> =>
  new Map([...database.read('document', account)].map(({ key, value }) => [key[2], value]))

/** The documents of all accounts, and the changes that bring those on disk up to date. */
export class AccountDocuments {
  readonly #documents: readonly PartDocument[]
  /** The JSON texts that are on disk or queued, by account id and document name. */
  readonly #texts = new Map<string, Map<string, string>>()
  readonly #dirty = new Set<string>()

  constructor(parts: AccountParts) {
    this.#documents = partNames.flatMap(name => {
      const { document }: AccountPart = parts[name]
      return document ? [document] : []
    })
  }

  /** Reports a change of an account's large documents. */
  markDirty(accountId: string): void {
    this.#dirty.add(accountId)
  }

  /** The changes of an account since the last call; those of large documents only with `all`. */
  collectChanges(
    accountId: string,
    account: number,
    { all }: { readonly all: boolean },
  ): DataChange[] {
    const isDirty = all && this.#dirty.delete(accountId)
    const changes: DataChange[] = []
    for (const document of this.#documents) {
      if (document.isLarge && !isDirty) continue
      const value = document.capture(accountId)
      if (this.#replaceText(accountId, document.name, JSON.stringify(value)))
        changes.push({ key: ['document', account, document.name], value })
    }
    return changes
  }

  /** Restores an account from disk; webhooks last, because restoring them starts deliveries. */
  load(accountId: string, account: number, database: Database): void {
    const values = readDocuments(database, account)
    for (const document of this.#documents) {
      const value = values.get(document.name)
      this.#replaceText(accountId, document.name, JSON.stringify(value))
      document.restore(accountId, value)
    }
  }

  /** Rolls back an account's documents that want it after a failed commit; the next commit writes all documents. */
  rollBack(accountId: string, account: number, database: Database): void {
    const values = readDocuments(database, account)
    for (const document of this.#documents) {
      if (document.rollsBack) document.restore(accountId, values.get(document.name))
      this.#replaceText(accountId, document.name, 'unknown')
    }
    this.markDirty(accountId)
  }

  /** True if the text differs from the one before it. */
  #replaceText(accountId: string, name: string, text: string | undefined): boolean {
    const texts = this.#texts.get(accountId) ?? new Map<string, string>()
    if (texts.get(name) === text) return false
    if (text === undefined) texts.delete(name)
    else texts.set(name, text)
    this.#texts.set(accountId, texts)
    return true
  }
}

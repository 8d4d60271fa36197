import { type AccountPart, type PartDocument, partNames } from '../accounts/account-part.ts'
import type { AccountParts } from '../services.ts'
import type { DataChange, DataRow } from './database.ts'

const toValues = (rows: readonly DataRow[]): ReadonlyMap<unknown, unknown> =>
  new Map(rows.flatMap(({ key, value }) => (key[0] === 'document' ? [[key[1], value]] : [])))

/** The documents of all accounts, and the changes that bring those on disk up to date. */
export class AccountDocuments {
  readonly #documents: readonly PartDocument[]
  /** The JSON texts that are on disk or queued, by account id and document name. */
  readonly #texts = new Map<string, Map<string, string>>()

  constructor(parts: AccountParts) {
    this.#documents = partNames.flatMap(name => {
      const { document }: AccountPart = parts[name]
      return document ? [document] : []
    })
  }

  /** The changes of an account since the last call. */
  collectChanges(accountId: string): DataChange[] {
    const changes: DataChange[] = []
    for (const document of this.#documents) {
      const value = document.capture(accountId)
      if (this.#replaceText(accountId, document.name, JSON.stringify(value)))
        changes.push({ key: ['document', document.name], value })
    }
    return changes
  }

  /** Restores an account from disk. */
  load(accountId: string, rows: readonly DataRow[]): void {
    const values = toValues(rows)
    for (const document of this.#documents) {
      const value = values.get(document.name)
      this.#replaceText(accountId, document.name, JSON.stringify(value))
      document.restore(accountId, value)
    }
  }

  /** Rolls back an account's documents that want it after a failed commit; the next commit writes all documents. */
  rollBack(accountId: string, rows: readonly DataRow[]): void {
    const values = toValues(rows)
    for (const document of this.#documents) {
      if (document.rollsBack) document.restore(accountId, values.get(document.name))
      this.#replaceText(accountId, document.name, 'unknown')
    }
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

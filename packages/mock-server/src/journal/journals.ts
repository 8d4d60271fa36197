import { redactSecrets } from '../redact-secrets.ts'
import { type CallUpdate, Journal } from './journal.ts'
import type { RecordLogOptions } from './record-log.ts'

/** Options of all journals. */
interface JournalsOptions {
  /** Maximum records per account; older ones are evicted and counted. 0 retains none. */
  readonly entries: number
  /** The secrets of an account, which are redacted wherever they occur. */
  readonly secretsOf: (accountId: string) => readonly string[]
  readonly subscribe: RecordLogOptions<CallUpdate>['subscribe']
}

/** The journals of all accounts. */
export class Journals {
  readonly #options: JournalsOptions
  readonly #journals = new Map<string, Journal>()

  constructor(options: JournalsOptions) {
    this.#options = options
  }

  of(accountId: string): Journal {
    const known = this.#journals.get(accountId)
    if (known) return known
    const { entries, secretsOf, subscribe } = this.#options
    const redact = (value: unknown): unknown => redactSecrets(value, secretsOf(accountId))
    const journal = new Journal({ accountId, subscribe, entries, redact })
    this.#journals.set(accountId, journal)
    return journal
  }

  /** The accounts whose journals have records. */
  accountIds(): string[] {
    return [...this.#journals].flatMap(([id, { length }]) => (length > 0 ? [id] : []))
  }

  /** Removes all requests of an account, or of all, and restarts their ids at 1. */
  reset(accountId?: string): void {
    for (const [id, journal] of this.#journals)
      if (accountId === undefined || id === accountId) journal.reset()
  }

  /** Ends all waits; no more requests will come. */
  close(): void {
    for (const journal of this.#journals.values()) journal.close()
  }
}

import { redactSecrets } from '../redact-secrets.ts'
import { Journal } from './journal.ts'

/** How the journals of all accounts are kept. */
interface JournalsOptions {
  /** How many requests each keeps; 0 keeps none. */
  readonly entries: number
  /** The secrets of an account, which are blotted out wherever they stand. */
  readonly secretsOf: (accountId: string) => readonly string[]
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
    const { entries, secretsOf } = this.#options
    const redact = (value: unknown): unknown => redactSecrets(value, secretsOf(accountId))
    const journal = new Journal({ entries, redact })
    this.#journals.set(accountId, journal)
    return journal
  }

  /** The accounts that requests are kept of. */
  accountIds(): string[] {
    return [...this.#journals].flatMap(([id, { length }]) => (length > 0 ? [id] : []))
  }

  /** Removes all requests of an account, or of all, and restarts their ids at 1. */
  reset(accountId?: string): void {
    for (const [id, journal] of this.#journals)
      if (accountId === undefined || id === accountId) journal.reset()
  }

  /** Says that no more requests will come: who waits for one gives up. */
  close(): void {
    for (const journal of this.#journals.values()) journal.close()
  }
}

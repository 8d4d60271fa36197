import { type CallUpdate, Journal, JournalBudget } from './journal.ts'
import type { RecordLogOptions } from './record-log.ts'

/** Options of all journals. */
interface JournalsOptions {
  /** Maximum records per account; older ones are evicted and counted. 0 retains none. */
  readonly entries: number
  /** Maximum size of all records of all accounts together, in bytes; the oldest are evicted and counted. */
  readonly totalBytes: number
  /** The secrets of an account; `null` is all accounts. */
  readonly secretsOf: (accountId: string | null) => readonly string[]
  readonly subscribe: RecordLogOptions<CallUpdate>['subscribe']
}

/** The journals of all accounts. */
export class Journals {
  readonly #options: JournalsOptions
  readonly #journals = new Map<string, Journal>()
  readonly #budget: JournalBudget
  readonly #ofMock: Journal

  constructor(options: JournalsOptions) {
    this.#options = options
    this.#budget = new JournalBudget(options.totalBytes)
    this.#ofMock = this.#create(null)
  }

  of(accountId: string): Journal {
    const known = this.#journals.get(accountId)
    if (known) return known
    const journal = this.peek(accountId)
    this.#journals.set(accountId, journal)
    return journal
  }

  /** The journal of an account, only to be read: an account without one gets none. */
  peek(accountId: string): Journal {
    return this.#journals.get(accountId) ?? this.#create(accountId)
  }

  #create(accountId: string | null): Journal {
    const { entries, secretsOf, subscribe } = this.#options
    return new Journal({
      accountId,
      subscribe,
      entries,
      secretsOf: () => secretsOf(accountId),
      budget: this.#budget,
    })
  }

  /** The journal of requests whose account cannot be read. */
  get ofMock(): Journal {
    return this.#ofMock
  }

  /** The accounts whose journals have records. */
  accountIds(): string[] {
    return [...this.#journals].flatMap(([id, { length }]) => (length > 0 ? [id] : []))
  }

  /** Removes all requests of an account, or of all and of none, and restarts their ids at 1. */
  reset(accountId?: string): void {
    if (accountId === undefined && this.#ofMock.length > 0) this.#ofMock.reset()
    for (const id of accountId === undefined ? [...this.#journals.keys()] : [accountId]) {
      const journal = this.#journals.get(id)
      journal?.reset()
      if (journal?.waits === 0) this.#journals.delete(id)
    }
  }

  /** Ends all waits; no more requests will come. */
  close(): void {
    for (const journal of this.#journals.values()) journal.close()
    this.#ofMock.close()
  }
}

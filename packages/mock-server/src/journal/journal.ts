import { redactSecrets } from '../redact/secrets.ts'
import { type JournalEntry, toJournalEntry } from './entry.ts'
import type { JournalRecord } from './record.ts'
import { RecordLog, type RecordLogOptions, type WaitEnd } from './record-log.ts'
import { type RequestMatch, type RequestQuery, toPredicate } from './request-match.ts'

/** A call that was recorded. */
export interface CallUpdate {
  readonly accountId: string
  readonly record: JournalRecord
}

/** The account of a journal, and how much it retains. */
interface JournalOptions extends RecordLogOptions<CallUpdate> {
  /** Maximum number of records; 0 retains none. */
  readonly entries: number
  /**
   * Maximum size of all records together, in bytes; the newest record is always retained.
   * @default 67_108_864
   */
  readonly maxBytes?: number
  /** The secrets of the account, which are redacted wherever they occur. */
  readonly secretsOf: () => readonly string[]
}

const defaultMaxBytes = 67_108_864

/** The newest requests of one account with their responses. Recording stores a reference; records are decoded and redacted when shown. */
export class Journal extends RecordLog<JournalRecord, CallUpdate> {
  readonly #options: JournalOptions
  #lastId = 0
  #clearedId = 0
  #bytes = 0

  constructor(options: JournalOptions) {
    super(options)
    this.#options = options
  }

  /** Copies a value without the secrets of the account. */
  redact(value: unknown): unknown {
    return redactSecrets(value, this.#options.secretsOf())
  }

  /** The number of requests since the last clear that were evicted. */
  get dropped(): number {
    return this.droppedAfter(0)
  }

  /** The number of evicted requests with a higher id, without those that were cleared. */
  droppedAfter(id: number): number {
    return Math.max(0, this.#lastEvictedId - Math.max(this.#clearedId, id))
  }

  /** The ids of the records are consecutive, and end with the last one that was given. */
  get #lastEvictedId(): number {
    return this.#lastId - this.length
  }

  /** Gives a record its id, adds it, and evicts the oldest ones. */
  record(record: JournalRecord): void {
    this.#lastId += 1
    record.id = this.#lastId
    if (this.#options.entries === 0) return
    this.records.push(record)
    this.#bytes += record.sizeBytes
    this.#evict()
  }

  #evict(): void {
    const { entries, maxBytes = defaultMaxBytes } = this.#options
    const { records } = this
    while (records.length > entries || (this.#bytes > maxBytes && records.length > 1))
      this.#bytes -= records.shift()?.sizeBytes ?? 0
  }

  /** The records that match, newest last: with `limit` the first ones after `after`, or the newest. */
  select({ limit = Number.POSITIVE_INFINITY, ...match }: RequestQuery): JournalRecord[] {
    const matches = toPredicate(match)
    const found: JournalRecord[] = []
    const isForward = match.after !== undefined
    const first = Math.max(0, (match.after ?? 0) - this.#lastEvictedId)
    for (let step = 0; step < this.length - first && found.length < limit; step += 1) {
      const record = this.records.at(isForward ? first + step : this.length - 1 - step)
      if (record && matches(record)) found.push(record)
    }
    return isForward ? found : found.toReversed()
  }

  /** Shows the selected requests without secrets; see {@link select}. */
  list(query: RequestQuery = {}): JournalEntry[] {
    return this.select(query).map(record => this.show(record))
  }

  /** Shows a record without secrets. */
  show(record: JournalRecord): JournalEntry {
    return toJournalEntry(record, this.#options.secretsOf())
  }

  /** Waits until `count` records match, earlier ones included. */
  async waitFor(
    match: RequestMatch,
    { count, timeoutMs }: { readonly count: number; readonly timeoutMs: number },
  ): Promise<{ readonly end: WaitEnd; readonly found: readonly JournalRecord[] }> {
    const matches = toPredicate(match)
    const found = this.select(match)
    if (found.length >= count) return { end: 'met', found }
    const end = await this.wait(timeoutMs, ({ record }, finish) => {
      if (matches(record)) found.push(record)
      if (found.length >= count) finish()
    })
    return { end, found }
  }

  /** Removes all requests, and returns their number. Ids continue, and no request counts as dropped. */
  clear(): number {
    const cleared = this.length
    this.records.clear()
    this.#bytes = 0
    this.#clearedId = this.#lastId
    return cleared
  }

  /** Removes all requests, and restarts the ids at 1. */
  reset(): void {
    this.clear()
    this.#lastId = 0
    this.#clearedId = 0
  }
}

/** Options of all journals. */
interface JournalsOptions {
  /** Maximum records per account; older ones are evicted and counted. 0 retains none. */
  readonly entries: number
  /** The secrets of an account. */
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
    const journal = new Journal({
      accountId,
      subscribe,
      entries,
      secretsOf: () => secretsOf(accountId),
    })
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

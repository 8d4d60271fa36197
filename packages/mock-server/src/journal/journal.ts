import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fifo } from '../fifo.ts'
import { redactSecrets } from '../redact/secrets.ts'
import { type JournalEntry, toJournalEntry } from './entry.ts'
import type { JournalRecord } from './record.ts'
import { RecordLog, type RecordLogOptions, type WaitEnd } from './record-log.ts'
import { type RequestMatch, type RequestQuery, toCounted, toPredicate } from './request-match.ts'

/** A call that was recorded. */
export interface CallUpdate {
  /** `null` for a request whose account cannot be read. */
  readonly accountId: string | null
  readonly record: JournalRecord
}

/** A journal that the budget can make smaller. */
interface Evictable {
  /** Removes the oldest record, and returns its size in bytes. */
  evictOldest(): number
}

/** The bytes of all journals together; beyond the maximum, the oldest records are evicted, whichever account they are of. */
export class JournalBudget {
  readonly #maxBytes: number
  #bytes = 0
  /** The journal of each record, in the order of recording. */
  #order = new Fifo<Evictable>()
  /** How many of a journal's records at the front of the order have been removed already. */
  readonly #removed = new Map<Evictable, number>()
  #removedCount = 0

  /** `maxBytes` is for all records together; the newest one is always retained. */
  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of all records. */
  get bytes(): number {
    return this.#bytes
  }

  /** Counts a record that a journal has added, and evicts what is too much. */
  add(journal: Evictable, bytes: number): void {
    this.#bytes += bytes
    this.#order.push(journal)
    while (this.#bytes > this.#maxBytes && this.#order.length - this.#removedCount > 1)
      this.#evict()
  }

  /** Counts records that a journal has removed, its oldest ones. */
  remove(journal: Evictable, bytes: number, records = 1): void {
    if (records === 0) return
    this.#bytes -= bytes
    this.#removed.set(journal, (this.#removed.get(journal) ?? 0) + records)
    this.#removedCount += records
    // Half of the order is of records that are gone: constant time for each of them.
    if (this.#removedCount * 2 > this.#order.length) this.#compact()
  }

  #evict(): void {
    const journal = this.#order.shift()
    if (journal && !this.#isRemoved(journal)) this.#bytes -= journal.evictOldest()
  }

  /** Whether the record of an entry at the front was removed before. */
  #isRemoved(journal: Evictable): boolean {
    const removed = this.#removed.get(journal)
    if (removed === undefined) return false
    if (removed === 1) this.#removed.delete(journal)
    else this.#removed.set(journal, removed - 1)
    this.#removedCount -= 1
    return true
  }

  #compact(): void {
    const order = this.#order.toArray()
    this.#order = new Fifo(order.filter(journal => !this.#isRemoved(journal)))
  }
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
  /**
   * The bytes of all journals.
   * @default none
   */
  readonly budget?: JournalBudget
  /** The secrets of the account, which are redacted wherever they occur. */
  readonly secretsOf: () => readonly string[]
}

const defaultMaxBytes = 67_108_864

/** Bytes of the records that are shown in one turn of the event loop. */
const bytesPerTurn = 262_144

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
    this.#options.budget?.add(this, record.sizeBytes)
    this.#evict()
  }

  #evict(): void {
    const { entries, maxBytes = defaultMaxBytes, budget } = this.#options
    const { records } = this
    while (records.length > entries || (this.#bytes > maxBytes && records.length > 1)) {
      const bytes = this.evictOldest()
      budget?.remove(this, bytes)
    }
  }

  evictOldest(): number {
    const { sizeBytes = 0 } = this.records.shift() ?? {}
    this.#bytes -= sizeBytes
    return sizeBytes
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

  /** As {@link list}, with other work in between where the records are many. */
  async listInTurns(query: RequestQuery): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = []
    let bytes = 0
    for (const record of this.select(query)) {
      if (bytes > bytesPerTurn) {
        await nextTurn()
        bytes = 0
      }
      bytes += record.sizeBytes
      entries.push(this.show(record))
    }
    return entries
  }

  /** Shows a record without secrets. */
  show(record: JournalRecord): JournalEntry {
    return toJournalEntry(record, this.#options.secretsOf())
  }

  /** Waits until `count` records match, earlier ones included. */
  async waitFor(
    match: RequestMatch,
    { count, timeoutMs }: { readonly count: number; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<{ readonly end: WaitEnd; readonly found: readonly JournalRecord[] }> {
    const matches = toCounted(match)
    const found = this.select(match).filter(matches)
    if (found.length >= count) return { end: 'met', found }
    const onUpdate = ({ record }: CallUpdate, finish: () => void) => {
      if (matches(record)) found.push(record)
      if (found.length >= count) finish()
    }
    const end = await this.wait(timeoutMs, onUpdate, signal)
    return { end, found }
  }

  /** Removes all requests, and returns their number. Ids continue, and no request counts as dropped. */
  clear(): number {
    const cleared = this.length
    this.#options.budget?.remove(this, this.#bytes, cleared)
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
  /** Maximum size of all records of all accounts together, in bytes; the oldest are evicted and counted. */
  readonly totalBytes: number
  /** The secrets of an account; `null` is all accounts. */
  readonly secretsOf: (accountId: string | null) => readonly string[]
  readonly subscribe: RecordLogOptions<CallUpdate>['subscribe']
}

/** The journals of all accounts, and that of the requests whose account cannot be read, which is `null`. */
export class Journals {
  readonly #options: JournalsOptions
  readonly #journals = new Map<string | null, Journal>()
  readonly #budget: JournalBudget

  constructor(options: JournalsOptions) {
    this.#options = options
    this.#budget = new JournalBudget(options.totalBytes)
  }

  of(accountId: string | null): Journal {
    const known = this.#journals.get(accountId)
    if (known) return known
    const journal = this.peek(accountId)
    this.#journals.set(accountId, journal)
    return journal
  }

  /** The journal of an account, only to be read: an account without one gets none. */
  peek(accountId: string | null): Journal {
    const known = this.#journals.get(accountId)
    if (known) return known
    const { entries, secretsOf, subscribe } = this.#options
    return new Journal({
      accountId,
      subscribe,
      entries,
      secretsOf: () => secretsOf(accountId),
      budget: this.#budget,
    })
  }

  /** The accounts whose journals have records. */
  accountIds(): string[] {
    return [...this.#journals].flatMap(([id, { length }]) =>
      id !== null && length > 0 ? [id] : [],
    )
  }

  /** Removes all requests of an account, or of all, and restarts their ids at 1. */
  reset(accountId?: string): void {
    for (const id of accountId === undefined ? [...this.#journals.keys()] : [accountId]) {
      const journal = this.#journals.get(id)
      journal?.reset()
      if (journal?.waits === 0) this.#journals.delete(id)
    }
  }

  /** Ends all waits; no more requests will come. */
  close(): void {
    for (const journal of this.#journals.values()) journal.close()
  }
}

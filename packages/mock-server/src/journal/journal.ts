import { setImmediate as nextTurn } from 'node:timers/promises'
import { redactSecrets } from '../redact/secrets.ts'
import { type JournalEntry, toJournalEntry } from './entry.ts'
import { JournalBudget } from './journal-budget.ts'
import type { JournalRecord } from './record.ts'
import { RecordLog, type RecordLogOptions, type WaitEnd } from './record-log.ts'
import { type RequestMatch, type RequestQuery, toCounted, toPredicate } from './request-match.ts'
import { type RuleCount, RuleCounts } from './rule-counts.ts'

/** A call that was recorded. */
export interface CallUpdate {
  /** `null` for a request whose account cannot be read. */
  readonly accountId: string | null
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
  readonly #ruleCounts = new RuleCounts()
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

  /** The rules of all requests since the last reset, also of those that were evicted or cleared; see {@link RuleCounts}. */
  get rules(): RuleCount[] {
    return this.#ruleCounts.list()
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
    this.#ruleCounts.add(record)
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
    this.#ruleCounts.clear()
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

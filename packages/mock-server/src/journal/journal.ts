import { type JournalEntry, type Redact, toJournalEntry } from './journal-entry.ts'
import { JournalIndex } from './journal-index.ts'
import type { JournalRecord } from './journal-record.ts'
import { type RequestMatch, type RequestQuery, toPredicate } from './request-match.ts'
import { RingBuffer } from './ring-buffer.ts'

/** Is told of each record that comes in. */
type RecordListener = (record: JournalRecord) => void

/** How much a journal keeps. */
interface JournalOptions {
  /** How many requests; 0 keeps none. */
  readonly entries: number
  /**
   * How much all records together may hold on to, in bytes; the newest one is kept whatever it takes.
   * @default 67_108_864
   */
  readonly largestBytes?: number
  readonly redact: Redact
}

const defaultLargestBytes = 67_108_864

/** The place of the first record that came after an id, by halving. */
function placeAfter(records: RingBuffer<JournalRecord>, after: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((records.at(middle)?.id ?? 0) > after) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The requests of one account with their answers, the newest ones. To record is to keep a reference; a record is put into the
 * index when the journal is asked for the first time after it, so that calls which nobody asks about pay for none.
 */
export class Journal {
  readonly #options: Required<JournalOptions>
  readonly #records = new RingBuffer<JournalRecord>()
  readonly #index = new JournalIndex()
  readonly #listeners = new Set<RecordListener>()
  readonly #closers = new Set<() => void>()
  #lastId = 0
  #lastIndexedId = 0
  #clearedId = 0
  #bytes = 0

  constructor(options: JournalOptions) {
    this.#options = { largestBytes: defaultLargestBytes, ...options }
  }

  /** Copies a value without the secrets of the account. */
  redact(value: unknown): unknown {
    return this.#options.redact(value)
  }

  /** How many requests are kept. */
  get length(): number {
    return this.#records.length
  }

  /** How many requests since the journal was cleared are no longer kept. */
  get dropped(): number {
    return this.droppedAfter(0)
  }

  /** How many of the requests that came after an id are no longer kept, those that were cleared aside. */
  droppedAfter(id: number): number {
    const lastDroppedId = this.#lastId - this.#records.length
    return Math.max(0, lastDroppedId - Math.max(this.#clearedId, id))
  }

  /** Gives a record its id and keeps it; older ones give way. */
  record(record: JournalRecord): void {
    this.#lastId += 1
    record.id = this.#lastId
    if (this.#options.entries > 0) {
      this.#records.push(record)
      this.#bytes += record.sizeBytes
      this.#dropOldest()
    }
    for (const listener of this.#listeners) listener(record)
  }

  #dropOldest(): void {
    const { entries, largestBytes } = this.#options
    while (
      this.#records.length > entries ||
      (this.#bytes > largestBytes && this.#records.length > 1)
    ) {
      const oldest = this.#records.shift()
      if (oldest === undefined) return
      this.#bytes -= oldest.sizeBytes
      if (oldest.id <= this.#lastIndexedId) this.#index.removeOldest(oldest)
    }
  }

  #bringIndexUpToDate(): void {
    const first = placeAfter(this.#records, this.#lastIndexedId)
    for (let place = first; place < this.#records.length; place += 1) {
      const record = this.#records.at(place)
      if (record) this.#index.add(record)
    }
    this.#lastIndexedId = this.#lastId
  }

  /** The records that are meant, newest last; `limit` takes the first ones after `after`, or the newest. */
  select({ limit = Number.POSITIVE_INFINITY, ...match }: RequestQuery): JournalRecord[] {
    this.#bringIndexUpToDate()
    const records = this.#index.candidates(match) ?? this.#records
    const isMeant = toPredicate(match)
    const found: JournalRecord[] = []
    const isForward = match.after !== undefined
    const first = placeAfter(records, match.after ?? 0)
    for (let step = 0; step < records.length - first && found.length < limit; step += 1) {
      const record = records.at(isForward ? first + step : records.length - 1 - step)
      if (record && isMeant(record)) found.push(record)
    }
    return isForward ? found : found.toReversed()
  }

  /** Shows requests, newest last, without their secrets; see {@link select}. */
  list(query: RequestQuery = {}): JournalEntry[] {
    return this.select(query).map(record => this.show(record))
  }

  /** Shows a record without its secrets. */
  show(record: JournalRecord): JournalEntry {
    return toJournalEntry(record, value => this.redact(value))
  }

  /** Tells of each record that is meant as it comes in, until the returned function is called. */
  listen(match: RequestMatch, listener: RecordListener): () => void {
    const isMeant = toPredicate(match)
    const guarded: RecordListener = record => {
      if (isMeant(record)) listener(record)
    }
    this.#listeners.add(guarded)
    return () => {
      this.#listeners.delete(guarded)
    }
  }

  /** Tells that no more requests will come, until the returned function is called. */
  onClose(listener: () => void): () => void {
    this.#closers.add(listener)
    return () => {
      this.#closers.delete(listener)
    }
  }

  /** Says that no more requests will come: who waits for one gives up. */
  close(): void {
    for (const listener of this.#closers) listener()
  }

  /** Forgets all requests, says how many, and counts none as dropped; ids go on. */
  clear(): number {
    const cleared = this.#records.length
    while (this.#records.shift());
    this.#index.clear()
    this.#bytes = 0
    this.#clearedId = this.#lastId
    this.#lastIndexedId = this.#lastId
    return cleared
  }

  /** Forgets all requests, and counts from 1 again. */
  reset(): void {
    this.clear()
    this.#lastId = 0
    this.#lastIndexedId = 0
    this.#clearedId = 0
  }
}

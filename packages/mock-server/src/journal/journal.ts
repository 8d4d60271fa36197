import { type JournalEntry, type Redact, toJournalEntry } from './entry.ts'
import type { JournalRecord } from './record.ts'
import {
  criteriaOf,
  type MatchField,
  matchFields,
  type RequestMatch,
  type RequestQuery,
  toPredicate,
} from './request-match.ts'

/** A queue that gives away its oldest elements and can be read at any place, each in constant time; it grows as it fills. */
class RingBuffer<Element> {
  #slots: (Element | undefined)[] = [undefined, undefined, undefined, undefined]
  #first = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The element at a place, the oldest at 0. */
  at(place: number): Element | undefined {
    return place < this.#length ? this.#slots[this.#slotOf(place)] : undefined
  }

  push(element: Element): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[this.#slotOf(this.#length)] = element
    this.#length += 1
  }

  /** Takes the oldest element away. */
  shift(): Element | undefined {
    if (this.#length === 0) return undefined
    const element = this.#slots[this.#first]
    this.#slots[this.#first] = undefined
    this.#first = this.#slotOf(1)
    this.#length -= 1
    return element
  }

  /** The length of `#slots` is a power of two. */
  #slotOf(place: number): number {
    return (this.#first + place) & (this.#slots.length - 1)
  }

  #grow(): void {
    const inOrder = this.#slots.slice(this.#first).concat(this.#slots.slice(0, this.#first))
    this.#slots = inOrder.concat(inOrder.map(() => undefined))
    this.#first = 0
  }
}

type Records = RingBuffer<JournalRecord>

const fields = Object.keys(matchFields) as MatchField[]

/** Finds records by their fields. They come in, and go out, in the order of their ids. */
class JournalIndex {
  readonly #lists = new Map(fields.map(field => [field, new Map<string | number, Records>()]))

  #listsOf(field: MatchField): Map<string | number, Records> {
    const lists = this.#lists.get(field)
    if (lists === undefined) throw new Error(`The journal has no index of ${field}`)
    return lists
  }

  add(record: JournalRecord): void {
    for (const field of fields)
      for (const value of matchFields[field].valuesOf(record)) {
        const lists = this.#listsOf(field)
        const list: Records = lists.get(value) ?? new RingBuffer()
        lists.set(value, list)
        const isThere = list.at(list.length - 1) === record
        if (!isThere) list.push(record)
      }
  }

  /** Forgets the oldest record. */
  removeOldest(record: JournalRecord): void {
    for (const field of fields)
      for (const value of matchFields[field].valuesOf(record)) {
        const lists = this.#listsOf(field)
        const list = lists.get(value)
        if (list?.at(0) === record) list.shift()
        if (list?.length === 0) lists.delete(value)
      }
  }

  /** The shortest list that has every record that is meant; `undefined` where all records must be looked at. */
  candidates(match: RequestMatch): Records | undefined {
    const lists = criteriaOf(match).map(
      ([field, value]) => this.#listsOf(field).get(value) ?? new RingBuffer<JournalRecord>(),
    )
    return lists.toSorted((a, b) => a.length - b.length)[0]
  }

  clear(): void {
    for (const lists of this.#lists.values()) lists.clear()
  }
}

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
  readonly maxBytes?: number
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
    this.#options = { maxBytes: defaultLargestBytes, ...options }
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
    const { entries, maxBytes } = this.#options
    while (this.#records.length > entries || (this.#bytes > maxBytes && this.#records.length > 1)) {
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

import { Fifo } from '../fifo.ts'

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

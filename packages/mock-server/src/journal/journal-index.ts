import type { JournalRecord } from './journal-record.ts'
import { criteriaOf, type MatchField, matchFields, type RequestMatch } from './request-match.ts'
import { RingBuffer } from './ring-buffer.ts'

type Records = RingBuffer<JournalRecord>

const fields = Object.keys(matchFields) as MatchField[]

/** Finds records by their fields. They come in, and go out, in the order of their ids. */
export class JournalIndex {
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

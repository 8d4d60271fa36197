import { randomBytes } from 'node:crypto'
import { Fifo } from '../fifo.ts'
import type { EventFacts } from './event.ts'
import type { EventFilter } from './filter.ts'

/** The connection of a reader. */
export interface EventSink {
  /** Sends text; returns `false` where no more should be written before `drain`. */
  write(text: string | Uint8Array): boolean
  /** Ends the connection once all is sent. */
  end(): void
  destroy(): void
  once(event: 'drain' | 'close', listener: () => void): unknown
}

/**
 * Events that were sent together. Their frames are bytes outside of the heap, since strings that live for thousands of events cost the garbage
 * collector more than all else that a stream does.
 */
interface Chunk {
  /** The number of its first event. */
  readonly first: number
  readonly facts: readonly EventFacts[]
  readonly bytes: Buffer
  /** The end of each frame in the bytes. */
  readonly ends: readonly number[]
  /** Length of all frames of the feed up to its end, in bytes. */
  readonly end: number
}

interface Reader {
  readonly sink: EventSink
  readonly filter: EventFilter | undefined
  /** The number of the last event that was sent, or that the filter left out. */
  at: number
  /** Whether the connection takes no more before it has sent what it has. */
  isWaiting: boolean
  /** Whether it has had all events once: only then it can fall behind. */
  isLive: boolean
}

/** Characters of events after which a chunk is made without a wait. */
const chunkLength = 65_536

/** How far a reader may be behind, in bytes. */
const maxBehind = 1_048_576

/** Time in ms in which events are collected before they are sent. */
const collectMs = 10

/** Time in ms in which a reader that is dropped may read why. */
const farewellMs = 5000

/** An event as Server-Sent Events write it; those of the stream itself have no id. */
const toFrame = (kind: string, json: string, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${json}\n\n`

/** The events of one account, or of all, in order: the newest are kept, and sent to all readers from where each is. */
export class EventFeed {
  /** Begins the ids of events, so that those of another feed are known as such. */
  readonly #run = randomBytes(6).toString('base64url')
  readonly #maxEvents: number
  readonly #chunks = new Fifo<Chunk>()
  readonly #readers = new Set<Reader>()
  /** The events since the last chunk; ends are those of their frames in the text. */
  #facts: EventFacts[] = []
  #text = ''
  #ends: number[] = []
  /** The number of the newest event, and of the newest in a chunk. */
  #last = 0
  #sealed = 0
  /** Length of the frames of all chunks so far, in bytes. */
  #length = 0
  #timer: NodeJS.Timeout | undefined

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Adds an event, whose data is JSON already. */
  add(event: EventFacts, json: string): void {
    this.#last += 1
    this.#text += toFrame(event.kind, json, this.#toId(this.#last))
    this.#ends.push(this.#text.length)
    this.#facts.push(event)
    if (this.#text.length >= chunkLength) this.#seal()
    this.#timer ??= setTimeout(() => this.#send(), collectMs).unref()
  }

  /**
   * Sends the events after one to a reader, and all that follow; with no id those from now on. Where the events after it are not known, a
   * `gap` comes first. `onClose` is called once the reader is gone.
   */
  open(
    sink: EventSink,
    options: { readonly after?: string | undefined; readonly filter?: EventFilter | undefined },
    onClose: () => void,
  ): void {
    const { after, filter } = options
    this.#seal()
    const reader: Reader = { sink, filter, at: this.#last, isWaiting: false, isLive: false }
    this.#readers.add(reader)
    sink.once('close', () => {
      this.#readers.delete(reader)
      onClose()
    })
    if (after !== undefined) reader.at = this.#find(after, sink)
    this.#pump(reader)
  }

  /** Sends each reader a comment, so that proxies do not end an idle connection. */
  beat(): void {
    for (const { sink, isWaiting } of this.#readers) if (!isWaiting) sink.write(':\n\n')
  }

  /** Sends the events that are collected, and ends all streams; one whose reader does not read is cut. */
  close(): void {
    this.#send()
    for (const { sink, isWaiting } of this.#readers)
      if (isWaiting) sink.destroy()
      else sink.end()
  }

  /** The number of the newest event that was evicted. */
  get #evicted(): number {
    return Math.max(this.#last - this.#maxEvents, 0)
  }

  /** The number of the event that a reader had last; tells it where that is not known. */
  #find(id: string, sink: EventSink): number {
    const [, run, digits] = /^(.*)-(\d+)$/.exec(id) ?? []
    const number = Number(digits)
    if (run === this.#run && number >= this.#evicted && number <= this.#last) return number
    const first = this.#toId(this.#evicted + 1)
    sink.write(toFrame('gap', JSON.stringify({ after: id === '' ? null : id, first })))
    return this.#evicted
  }

  #toId(number: number): string {
    return `${this.#run}-${number}`
  }

  /** Makes a chunk of the collected events, and evicts those of which no event is kept. */
  #seal(): void {
    if (this.#facts.length === 0) return
    const bytes = Buffer.from(this.#text)
    // Mostly each character is a byte; foreign letters have more.
    const ends =
      bytes.length === this.#text.length ? this.#ends : toByteEnds(this.#text, this.#ends)
    this.#length += bytes.length
    this.#chunks.push({
      first: this.#sealed + 1,
      facts: this.#facts,
      bytes,
      ends,
      end: this.#length,
    })
    this.#sealed = this.#last
    this.#facts = []
    this.#ends = []
    this.#text = ''
    for (;;) {
      const oldest = this.#chunks.at(0)
      if (oldest === undefined || oldest.first + oldest.facts.length - 1 > this.#evicted) return
      this.#chunks.shift()
    }
  }

  /** The chunk that has an event, which is searched from the newest on, where most readers are. */
  #chunkOf(number: number): Chunk | undefined {
    for (let index = this.#chunks.length - 1; index >= 0; index -= 1) {
      const chunk = this.#chunks.at(index)
      if (chunk && chunk.first <= number) return chunk
    }
    return undefined
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#seal()
    for (const reader of this.#readers) {
      if (this.#isTooFarBehind(reader)) this.#drop(reader)
      else this.#pump(reader)
    }
  }

  #isTooFarBehind({ at, isLive, isWaiting }: Reader): boolean {
    if (at < this.#evicted) return true
    const chunk = isLive && isWaiting && at < this.#sealed ? this.#chunkOf(at + 1) : undefined
    if (chunk === undefined) return false
    const start = chunk.end - chunk.bytes.length + (chunk.ends[at - chunk.first] ?? 0)
    return this.#length - start > maxBehind
  }

  /** Writes to a reader until it has all events, or its connection takes no more. */
  #pump(reader: Reader): void {
    while (!reader.isWaiting && reader.at < this.#sealed) {
      const chunk = this.#chunkOf(reader.at + 1)
      if (chunk === undefined) return
      const bytes = toBytes(chunk, reader)
      reader.at = chunk.first + chunk.facts.length - 1
      if (bytes.length === 0 || reader.sink.write(bytes)) continue
      reader.isWaiting = true
      reader.sink.once('drain', () => {
        reader.isWaiting = false
        if (this.#readers.has(reader)) this.#pump(reader)
      })
    }
    reader.isLive ||= reader.at === this.#last
  }

  #drop(reader: Reader): void {
    const { sink, at } = reader
    this.#readers.delete(reader)
    sink.write(toFrame('dropped', JSON.stringify({ after: this.#toId(at) })))
    sink.end()
    const timer = setTimeout(() => sink.destroy(), farewellMs).unref()
    sink.once('close', () => clearTimeout(timer))
  }
}

/** The ends of parts of a text, in bytes. */
function toByteEnds(text: string, ends: readonly number[]): number[] {
  let length = 0
  return ends.map((end, index) => {
    length += Buffer.byteLength(text.slice(ends[index - 1] ?? 0, end))
    return length
  })
}

/** The frames of a chunk that a reader has not had, less those that it does not want. */
function toBytes({ first, facts, bytes, ends }: Chunk, { at, filter }: Reader): Buffer {
  const from = at + 1 - first
  const start = (index: number): number => ends[index - 1] ?? 0
  if (filter === undefined) return from === 0 ? bytes : bytes.subarray(start(from))
  const wanted = facts.flatMap((event, index) =>
    index >= from && filter(event) ? [bytes.subarray(start(index), ends[index])] : [],
  )
  return Buffer.concat(wanted)
}

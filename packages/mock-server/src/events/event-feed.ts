import { randomBytes } from 'node:crypto'
import { Fifo } from '../fifo.ts'
import type { MockEvent } from './event.ts'
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

interface Frame {
  readonly event: MockEvent
  readonly text: string
  /** Length of all frames of the feed up to this one, in characters. */
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

/** Characters that are written in one piece. */
const pieceLength = 65_536

/** How far a reader may be behind, in characters, which are bytes but for foreign letters in paths. */
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
  readonly #frames = new Fifo<Frame>()
  readonly #readers = new Set<Reader>()
  /** The number of the newest event. */
  #last = 0
  /** Length of all frames so far. */
  #length = 0
  #timer: NodeJS.Timeout | undefined
  /** The piece that the last reader was sent, which the next one mostly wants too. */
  #piece: { from: number; to: number; bytes: Buffer } | undefined

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Adds an event, whose data is JSON already. */
  add(event: MockEvent, json: string): void {
    this.#last += 1
    const text = toFrame(event.kind, json, this.#toId(this.#last))
    this.#length += text.length
    this.#frames.push({ event, text, end: this.#length })
    if (this.#frames.length > this.#maxEvents) this.#frames.shift()
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

  /** The number of the event that a reader had last; tells it where that is not known. */
  #find(id: string, sink: EventSink): number {
    const [, run, digits] = /^(.*)-(\d+)$/.exec(id) ?? []
    const number = Number(digits)
    const oldest = this.#last - this.#frames.length
    if (run === this.#run && number >= oldest && number <= this.#last) return number
    const first = this.#toId(oldest + 1)
    sink.write(toFrame('gap', JSON.stringify({ after: id === '' ? null : id, first })))
    return oldest
  }

  #toId(number: number): string {
    return `${this.#run}-${number}`
  }

  #frameAt(number: number): Frame | undefined {
    return this.#frames.at(number - 1 - (this.#last - this.#frames.length))
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const reader of this.#readers) {
      if (this.#isTooFarBehind(reader)) this.#drop(reader)
      else this.#pump(reader)
    }
  }

  #isTooFarBehind({ at, isLive, isWaiting }: Reader): boolean {
    const oldest = this.#last - this.#frames.length
    if (at < oldest) return true
    const next = this.#frameAt(at + 1)
    if (!isLive || !isWaiting || next === undefined) return false
    return this.#length - next.end + next.text.length > maxBehind
  }

  /** Writes to a reader until it has all events, or its connection takes no more. */
  #pump(reader: Reader): void {
    while (!reader.isWaiting && reader.at < this.#last) {
      const piece = this.#toPiece(reader)
      reader.at = piece.to
      if (piece.bytes.length === 0 || reader.sink.write(piece.bytes)) continue
      reader.isWaiting = true
      reader.sink.once('drain', () => {
        reader.isWaiting = false
        if (this.#readers.has(reader)) this.#pump(reader)
      })
    }
    reader.isLive ||= reader.at === this.#last
  }

  /** The next events of a reader, as one piece. */
  #toPiece({ at, filter }: Reader): { to: number; bytes: Buffer } {
    const from = at + 1
    if (filter === undefined && this.#piece?.from === from) return this.#piece
    let text = ''
    let to = at
    while (to < this.#last && text.length < pieceLength) {
      to += 1
      const frame = this.#frameAt(to)
      if (frame && (filter === undefined || filter(frame.event))) text += frame.text
    }
    const piece = { from, to, bytes: Buffer.from(text) }
    if (filter === undefined) this.#piece = piece
    return piece
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

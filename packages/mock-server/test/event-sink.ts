import { EventEmitter } from 'node:events'
import type { EventSink } from '../src/events/event-feed.ts'

/** A connection that takes text as a test says. */
export class Sink extends EventEmitter implements EventSink {
  text = ''
  state: 'open' | 'ended' | 'destroyed' = 'open'
  /** Whether more may be written. */
  isFree = true

  write(text: string | Uint8Array): boolean {
    this.text += typeof text === 'string' ? text : new TextDecoder().decode(text)
    return this.isFree
  }

  end(): void {
    this.state = 'ended'
  }

  destroy(): void {
    this.state = 'destroyed'
    this.emit('close')
  }

  drain(): void {
    this.isFree = true
    this.emit('drain')
  }

  /** The numbers of the events that were sent. */
  get numbers(): number[] {
    return [...this.text.matchAll(/^id: .*-(\d+)$/gm)].map(([, digits]) => Number(digits))
  }

  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
  }
}

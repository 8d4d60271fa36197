import type { Clocks } from '../accounts/clocks.ts'
import type { Updates } from '../updates.ts'
import {
  type DataByKind,
  type MockEvent,
  toCallEvent,
  toConversationEvents,
  toDeliveryEvent,
} from './event.ts'
import { EventFeed, type EventSink } from './event-feed.ts'
import type { EventFilter } from './filter.ts'

interface EventsOptions {
  readonly updates: Updates
  readonly clocks: Clocks
  /** The secrets of an account, or of all. */
  readonly secretsOf: (accountId: string | null) => readonly string[]
  /** The number of events that are kept of each stream. */
  readonly entries: number
}

/** Which events a reader wants. */
interface EventSelection {
  /** `null` for those of the whole mock. */
  readonly accountId: string | null
  /** The id of the last event that it has. */
  readonly after?: string | undefined
  readonly filter?: EventFilter | undefined
}

/** Time in ms between two signs of life of a stream on which nothing happens. */
const beatMs = 15_000

/** Time in ms for which the events of a stream are kept on after its last reader has gone, who may come back. */
const keepMs = 60_000

interface KeptFeed {
  readonly feed: EventFeed
  timer?: NodeJS.Timeout
}

/** The events of a mock, in one stream for each account and one for all. Without a reader nothing is collected. */
export class Events {
  readonly #options: EventsOptions
  /** By account, `null` is all. */
  readonly #feeds = new Map<string | null, KeptFeed>()
  #unsubscribe: (() => void) | undefined
  #isClosed = false

  constructor(options: EventsOptions) {
    this.#options = options
  }

  /** Streams events to a reader, from the next one on or after one that it names. */
  open(sink: EventSink, { accountId, ...options }: EventSelection): void {
    if (this.#isClosed) {
      sink.end()
      return
    }
    const kept = this.#feeds.get(accountId) ?? this.#start(accountId)
    clearTimeout(kept.timer)
    kept.feed.open(sink, options, () => {
      if (kept.feed.readers > 0 || this.#isClosed) return
      kept.timer = setTimeout(() => this.#stop(accountId), keepMs).unref()
    })
  }

  /** Ends all streams. */
  close(): void {
    this.#isClosed = true
    for (const { feed, timer } of this.#feeds.values()) {
      clearTimeout(timer)
      feed.close()
    }
    this.#feeds.clear()
    this.#unsubscribe?.()
  }

  #start(accountId: string | null): KeptFeed {
    const kept = { feed: new EventFeed(this.#options.entries) }
    this.#feeds.set(accountId, kept)
    this.#unsubscribe ??= this.#subscribe()
    return kept
  }

  #stop(accountId: string | null): void {
    this.#feeds.delete(accountId)
    if (this.#feeds.size > 0) return
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  /** Adds an event to the streams that it is of; its data is serialised once. */
  #add({ facts, data }: MockEvent): void {
    const { accountId } = facts
    const all = this.#feeds.get(null)
    const own = accountId === null ? undefined : this.#feeds.get(accountId)
    if (all === undefined && own === undefined) return
    const json = JSON.stringify(data)
    all?.feed.add(facts, json)
    own?.feed.add(facts, json)
  }

  /** Adds an event about an account as a whole. */
  #addOfAccount<Kind extends 'fault' | 'clock' | 'settings' | 'reset'>(
    kind: Kind,
    data: DataByKind[Kind],
  ): void {
    this.#add({ facts: { kind, accountId: data.accountId }, data })
  }

  /** Whether anybody wants the events of an account. */
  #isWanted(accountId: string | null): boolean {
    return this.#feeds.has(null) || this.#feeds.has(accountId)
  }

  #reset(accountId: string | undefined): void {
    const { clocks } = this.#options
    const at = clocks.now(accountId ?? '')
    if (accountId !== undefined) {
      this.#addOfAccount('reset', { accountId, at })
      return
    }
    // A reset of all is one event of the whole mock, and one of each account that is watched.
    for (const [watched, { feed }] of this.#feeds) {
      const data = { accountId: watched, at }
      feed.add({ kind: 'reset', accountId: watched }, JSON.stringify(data))
    }
  }

  #subscribe(): () => void {
    const { updates, clocks, secretsOf } = this.#options
    const unsubscribers = [
      updates.subscribe('call', update => {
        if (this.#isWanted(update.accountId)) this.#add(toCallEvent(update, secretsOf))
      }),
      updates.subscribe('conversation', update => {
        if (!this.#isWanted(update.accountId)) return
        for (const event of toConversationEvents(update, clocks.now(update.accountId)))
          this.#add(event)
      }),
      updates.subscribe('delivery', ({ accountId, delivery }) => {
        if (this.#isWanted(accountId)) this.#add(toDeliveryEvent(accountId, delivery, clocks))
      }),
      updates.subscribe('fault', ({ accountId, faultId }) =>
        this.#addOfAccount('fault', { accountId, at: clocks.now(accountId), faultId }),
      ),
      updates.subscribe('clock', ({ accountId, now, frozen }) =>
        this.#addOfAccount('clock', { accountId, at: now, now, frozen }),
      ),
      updates.subscribe('settings', ({ accountId }) =>
        this.#addOfAccount('settings', { accountId, at: clocks.now(accountId) }),
      ),
      updates.subscribe('reset', ({ accountId }) => this.#reset(accountId)),
    ]
    const beat = setInterval(() => {
      for (const { feed } of this.#feeds.values()) feed.beat()
    }, beatMs).unref()
    return () => {
      clearInterval(beat)
      for (const unsubscribe of unsubscribers) unsubscribe()
    }
  }
}

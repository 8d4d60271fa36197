import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import type { z } from 'zod'
import type { DataByKind, DroppedEventSchema, GapEventSchema } from '../events/event.ts'
import type { EventQuery } from '../events/filter.ts'
import { type CallOptions, fetchAnswer, readAnswer, toTarget } from './call.ts'

interface DataByEvent extends DataByKind {
  readonly gap: z.output<typeof GapEventSchema>
  readonly dropped: z.output<typeof DroppedEventSchema>
}

/** An event of a stream; `gap` and `dropped` are about the stream itself and have no id. */
export type StreamedEvent = {
  readonly [Name in keyof DataByEvent]: {
    readonly event: Name
    readonly id: string | undefined
    readonly data: DataByEvent[Name]
  }
}[keyof DataByEvent]

/** Which events are read, and from where on. */
export interface EventsOptions extends EventQuery {
  /**
   * The id of the last event that the reader has.
   * @default none: events from now on
   */
  readonly lastEventId?: string
}

/** Time in ms before a stream that broke is opened again, and how often that is tried. */
const retryMs = 500
const maxRetries = 10

async function openStream(
  path: string,
  { lastEventId, ...query }: EventsOptions,
  options: CallOptions,
): Promise<ReadableStream<StreamedEvent>> {
  const headers = lastEventId === undefined ? undefined : { 'Last-Event-ID': lastEventId }
  const target = toTarget(path, { query })
  const response = await fetchAnswer(target, 'GET', { ...(headers && { headers }) }, options)
  if (!response.ok) await readAnswer(response, `GET ${path}`)
  return (response.body ?? new ReadableStream<Uint8Array>())
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .pipeThrough(
      new TransformStream<EventSourceMessage, StreamedEvent>({
        transform: ({ event, id, data }, controller) =>
          controller.enqueue({ event, id, data: JSON.parse(data) } as StreamedEvent),
      }),
    )
}

/** Opens a stream again, which is tried several times. */
async function reopen(
  path: string,
  query: EventsOptions,
  options: CallOptions,
): Promise<ReadableStream<StreamedEvent>> {
  for (let tries = 1; ; tries += 1)
    try {
      return await openStream(path, query, options)
    } catch (error) {
      if (tries > maxRetries || options.signal.aborted) throw error
      await new Promise(resolve => setTimeout(resolve, retryMs))
    }
}

async function* readFrom(
  opening: Promise<ReadableStream<StreamedEvent>>,
  path: string,
  query: EventsOptions,
  options: CallOptions,
): AsyncGenerator<StreamedEvent, void, undefined> {
  let last = query
  let stream = await opening
  for (;;) {
    let isToContinue = false
    try {
      for await (const event of stream) {
        if (event.id !== undefined) last = { ...last, lastEventId: event.id }
        isToContinue = event.event === 'dropped'
        yield event
      }
    } catch {
      isToContinue = true
    }
    if (options.signal.aborted || !isToContinue) return
    stream = await reopen(path, last, options)
  }
}

/** The events of a mock, from the call on that made it. */
export interface EventStream extends AsyncIterable<StreamedEvent> {
  /** Resolves once the mock streams: events of what is done from then on are in it. Rejects as the iteration does. */
  readonly opened: Promise<void>
}

/**
 * Reads a stream of events. Continues behind the last event where the connection breaks, or where the reader was dropped; ends when the mock
 * closes. Rejects with a `ControlError` where the mock refuses the call, and with an `Error` where no mock answers for 5 s.
 */
export function readEvents(path: string, query: EventsOptions, options: CallOptions): EventStream {
  const opening = openStream(path, query, options)
  const opened = (async () => void (await opening))()
  // Whoever iterates gets the error, too.
  opened.catch(() => {})
  return { opened, [Symbol.asyncIterator]: () => readFrom(opening, path, query, options) }
}

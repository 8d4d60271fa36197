import { z } from 'zod'
import {
  AccountEventSchema,
  CallEventSchema,
  ClockEventSchema,
  ConversationEventSchema,
  DeliveryEventSchema,
  DroppedEventSchema,
  FaultEventSchema,
  GapEventSchema,
} from '../../events/event.ts'
import { type EventQuery, EventQuerySchema, toEventFilter } from '../../events/filter.ts'
import type { Services } from '../../services.ts'
import { defineControlOperation, type StreamedResponse } from '../operation.ts'

/** The data of each event of a stream, by the name of the event. */
const EventDataSchema = z.union([
  CallEventSchema,
  ConversationEventSchema,
  DeliveryEventSchema,
  FaultEventSchema,
  ClockEventSchema,
  AccountEventSchema,
  GapEventSchema,
  DroppedEventSchema,
])

const stream = (
  accountId: string | null,
  { query, lastEventId }: { readonly query: EventQuery; readonly lastEventId?: string | undefined },
  { events }: Services,
): StreamedResponse => ({
  stream: response =>
    events.open(response, { accountId, after: lastEventId, filter: toEventFilter(query) }),
})

const shared = {
  method: 'GET',
  query: EventQuerySchema,
  responses: { 200: EventDataSchema },
  contentType: 'text/event-stream',
} as const

export const streamEvents = defineControlOperation({
  ...shared,
  id: 'streamEvents',
  path: '/events',
  summary:
    'Streams all that happens as Server-Sent Events: calls, misses too, steps of conversations, webhook attempts, faults, clocks, settings, resets',
  handle: (call, services) => stream(null, call, services),
})

export const streamAccountEvents = defineControlOperation({
  ...shared,
  id: 'streamAccountEvents',
  path: '/accounts/{accountId}/events',
  summary: 'Streams the events of an account; with Last-Event-ID from the next one on',
  handle: (call, services) => stream(call.params['accountId'] ?? '', call, services),
})

/** An event that waits for its delivery. */
export interface HeldEvent {
  readonly id: string
  /** Tells which of two events came first. */
  readonly arrival: number
  /** In ms since the epoch. */
  readonly arrivedAt: number
  readonly conversationId: string
  readonly endpoint: string
  /** Claims that its type is registered with `max_retries: 0`. Rule: WH-11a. */
  readonly isOptional: boolean
}

/** Events in the order of their arrival, as a part of an array that other queues may share. */
export interface EventQueue {
  readonly events: readonly HeldEvent[]
  readonly from: number
  readonly to: number
}

/** From this many on, events that were taken are let go of. */
const maxConsumed = 1024

export const emptyQueue: EventQueue = { events: [], from: 0, to: 0 }

export const toQueue = (events: readonly HeldEvent[]): EventQueue => ({
  events,
  from: 0,
  to: events.length,
})

export const listEvents = ({ events, from, to }: EventQueue): readonly HeldEvent[] =>
  events.slice(from, to)

export const lengthOf = ({ from, to }: EventQueue): number => to - from

export const firstOf = ({ events, from, to }: EventQueue): HeldEvent | undefined =>
  from < to ? events[from] : undefined

export const lastOf = ({ events, from, to }: EventQueue): HeldEvent | undefined =>
  from < to ? events[to - 1] : undefined

export function hasEvent(
  { events, from, to }: EventQueue,
  isMeant: (event: HeldEvent) => boolean,
): boolean {
  for (let index = from; index < to; index += 1) {
    const event = events[index]
    if (event && isMeant(event)) return true
  }
  return false
}

/**
 * Adds an event at its place. No queue ever sees a change: the newest one shares its array, whose end no other queue sees, and any
 * other is copied; so a long outage costs constant time an event.
 */
export function addEvent(queue: EventQueue, event: HeldEvent): EventQueue {
  const { events, from, to } = queue
  const isLast = (lastOf(queue)?.arrival ?? -1) < event.arrival
  if (isLast && to > 0 && to === events.length) {
    ;(events as HeldEvent[]).push(event)
    return { events, from, to: to + 1 }
  }
  const before = listEvents(queue)
  const later = before.findIndex(({ arrival }) => arrival > event.arrival)
  const place = later === -1 ? before.length : later
  return toQueue([...before.slice(0, place), event, ...before.slice(place)])
}

/** Takes the oldest event away. */
export const dequeue = ({ events, from, to }: EventQueue): EventQueue =>
  from >= maxConsumed && from * 2 > to
    ? toQueue(events.slice(from + 1, to))
    : { events, from: Math.min(from + 1, to), to }

import { z } from 'zod'
import { Fifo } from '../fifo.ts'

/** An event whose delivery is stored or delayed. */
export const HeldEventSchema = z.strictObject({
  id: z.string(),
  /** Order of arrival. */
  arrival: z.int(),
  /** Milliseconds since the epoch. */
  arrivedAt: z.number(),
  conversationId: z.string(),
  endpoint: z.string(),
  /** Whether its type is registered with `max_retries: 0`. Rule: WH-11a. */
  isOptional: z.boolean(),
})
export type HeldEvent = z.output<typeof HeldEventSchema>

/** The phases of an install with a `retention_time`. Rule: WH-11. */
export const installPhases = ['UP', 'FAILED', 'IN TRANSITION', 'RECOVERED'] as const
type InstallPhase = (typeof installPhases)[number]

/** The retry state of one install. Rule: WH-11. */
export interface RetryState {
  readonly phase: InstallPhase
  /** Stored events by arrival, without the one that is being sent. */
  readonly stored: Fifo<HeldEvent>
  /** The stored event that is being sent: the probe, or the next one in order. Rule: WH-11b. */
  readonly sending?: HeldEvent | undefined
  /** Events that are sent at their time, because their conversation is still draining. */
  readonly delayed: readonly { readonly event: HeldEvent; readonly dueAt: number }[]
  /** Number of consecutive failures of the probe. */
  readonly failures: number
  /** When the probe is sent next; absent if it is due or being sent. */
  readonly retryAt?: number | undefined
  /** The endpoints that failed and have not succeeded since. */
  readonly failing: readonly string[]
  /** The arrival of the last event that was stored before all endpoints succeeded again. */
  readonly lastOfOutage: number
}

export type RetryEvent =
  /** An event is to be sent for the first time. */
  | { readonly type: 'dequeued'; readonly event: HeldEvent }
  /** An attempt has ended; `ok` unless the endpoint refused the event. */
  | { readonly type: 'attempted'; readonly event: HeldEvent; readonly ok: boolean }
  /** Time has passed. */
  | { readonly type: 'due' }

/** An instruction to the caller. */
interface RetryAction {
  readonly do: 'send' | 'store' | 'drop'
  readonly event: HeldEvent
}

export interface RetryTransition {
  readonly state: RetryState
  readonly actions: readonly RetryAction[]
}

/** Milliseconds, `now` since the epoch. */
export interface RetryTimes {
  readonly now: number
  readonly retentionMs: number
}

export const createRetryState = (): RetryState => ({
  phase: 'UP',
  stored: new Fifo(),
  delayed: [],
  failures: 0,
  failing: [],
  lastOfOutage: -1,
})

/** The longest delay of a repeat, in ms. Rule: WH-11. */
export const maxDelayMs = 300_000

/** The delay of an event whose conversation is still draining, in ms. */
const drainDelayMs = 4000

/** Exponential backoff: 2, 4, 8 … s after the first, second, third … failure, at most 300 s. Rule: WH-11. */
export const toRetryDelayMs = (failures: number): number =>
  Math.min(2 ** failures * 1000, maxDelayMs)

/** Whether the retention time of an event is over; at its very end it is not. */
const isExpired = ({ arrivedAt }: HeldEvent, { now, retentionMs }: RetryTimes): boolean =>
  now - arrivedAt > retentionMs

const isDraining = ({ stored, sending }: RetryState, conversationId: string): boolean =>
  sending?.conversationId === conversationId ||
  stored.find(event => event.conversationId === conversationId) !== undefined

/** Inserts an event by its arrival, in most cases at the end. */
function insert(stored: Fifo<HeldEvent>, event: HeldEvent): void {
  let index = stored.length
  while ((stored.at(index - 1)?.arrival ?? -1) > event.arrival) index -= 1
  stored.insert(index, event)
}

function store(state: RetryState, event: HeldEvent): RetryTransition {
  insert(state.stored, event)
  return { state, actions: [{ do: 'store', event }] }
}

/** Sends, stores or delays an event that is to be sent for the first time. */
function sendFirst(state: RetryState, event: HeldEvent, { now }: RetryTimes): RetryTransition {
  if (state.phase === 'FAILED') return store(state, event)
  if (state.phase === 'UP' || !isDraining(state, event.conversationId))
    return { state, actions: [{ do: 'send', event }] }
  if (state.phase === 'IN TRANSITION') return store(state, event)
  const delayed = [...state.delayed, { event, dueAt: now + drainDelayMs }]
  return { state: { ...state, delayed }, actions: [] }
}

/** Clears a failing endpoint; once none is left, the transition begins. */
function succeed(state: RetryState, event: HeldEvent): RetryState {
  const failing = state.failing.filter(endpoint => endpoint !== event.endpoint)
  if (state.sending?.id !== event.id) return { ...state, failing }
  const answered = { ...state, failing, sending: undefined, failures: 0, retryAt: undefined }
  const isFailing = state.stored.find(({ endpoint }) => failing.includes(endpoint)) !== undefined
  if (state.phase !== 'FAILED' || isFailing) return answered
  const lastOfOutage = state.stored.at(state.stored.length - 1)?.arrival ?? event.arrival
  return { ...answered, phase: 'IN TRANSITION', failing: [], lastOfOutage }
}

/** Changes the phase to FAILED, or backs off the probe. Rules: WH-11, WH-11a. */
function fail(state: RetryState, event: HeldEvent, { now }: RetryTimes): RetryTransition {
  const isSending = state.sending?.id === event.id
  const freed = isSending ? { ...state, sending: undefined } : state
  if (state.phase !== 'FAILED' && event.isOptional)
    return { state: freed, actions: [{ do: 'drop', event }] }
  const isFirst = state.phase !== 'FAILED'
  const isProbe = !isFirst && isSending && state.retryAt === undefined
  const failures = isFirst ? 1 : state.failures + (isProbe ? 1 : 0)
  const held = [...freed.delayed.map(delayed => delayed.event), event]
  for (const heldEvent of held) insert(freed.stored, heldEvent)
  return {
    state: {
      ...freed,
      phase: 'FAILED',
      delayed: [],
      failures,
      retryAt: isFirst || isProbe ? now + toRetryDelayMs(failures) : state.retryAt,
      failing: [...new Set([...state.failing, event.endpoint])],
    },
    actions: held.map(heldEvent => ({ do: 'store', event: heldEvent })),
  }
}

/** Drops the stored events whose retention time is over: the oldest event is always the first. */
function dropExpired({ state, actions }: RetryTransition, times: RetryTimes): RetryTransition {
  const { stored } = state
  const dropped: RetryAction[] = []
  for (let first = stored.at(0); first && isExpired(first, times); first = stored.at(0)) {
    dropped.push({ do: 'drop', event: first })
    stored.shift()
  }
  return { state, actions: [...actions, ...dropped] }
}

function sendDelayed({ state, actions }: RetryTransition, { now }: RetryTimes): RetryTransition {
  const due = state.delayed.filter(({ dueAt }) => dueAt <= now)
  if (due.length === 0) return { state, actions }
  const delayed = state.delayed.filter(({ dueAt }) => dueAt > now)
  const sends = due.map(({ event }): RetryAction => ({ do: 'send', event }))
  return { state: { ...state, delayed }, actions: [...actions, ...sends] }
}

/** RECOVERED once the events of the outage are sent, UP once all stored events are. */
function toPhase({ phase, stored, lastOfOutage }: RetryState): InstallPhase {
  if (phase === 'UP' || phase === 'FAILED') return phase
  const first = stored.at(0)
  if (first === undefined) return 'UP'
  return first.arrival > lastOfOutage ? 'RECOVERED' : phase
}

/** Sends the oldest stored event unless one is being sent; in FAILED it is the probe, and is sent at its time. Rule: WH-11b. */
function sendNext({ state, actions }: RetryTransition, { now }: RetryTimes): RetryTransition {
  if (state.sending) return { state, actions }
  const phase = toPhase(state)
  const isWaiting = phase === 'FAILED' && state.retryAt !== undefined && now < state.retryAt
  const sending = isWaiting ? undefined : state.stored.shift()
  if (sending === undefined) return { state: { ...state, phase }, actions }
  return {
    state: { ...state, phase, sending, retryAt: undefined },
    actions: [...actions, { do: 'send', event: sending }],
  }
}

function reduce(state: RetryState, event: RetryEvent, times: RetryTimes): RetryTransition {
  switch (event.type) {
    case 'dequeued':
      return sendFirst(state, event.event, times)
    case 'attempted':
      return event.ok
        ? { state: succeed(state, event.event), actions: [] }
        : fail(state, event.event, times)
    case 'due':
      return { state, actions: [] }
  }
}

/**
 * The next retry state of an install, and what to do: no I/O, no clock. Changes the queue of stored events in place, so the given state must
 * not be used again. Rules: WH-11, WH-11a, WH-11b.
 */
export const reduceRetry = (
  state: RetryState,
  event: RetryEvent,
  times: RetryTimes,
): RetryTransition =>
  sendNext(sendDelayed(dropExpired(reduce(state, event, times), times), times), times)

/** When the next `due` event changes the state, in ms since the epoch; `undefined` for never. */
export function toNextTime(state: RetryState, retentionMs: number): number | undefined {
  const first = state.stored.at(0)
  const times = [
    ...(first ? [first.arrivedAt + retentionMs + 1] : []),
    ...(first && !state.sending && state.retryAt !== undefined ? [state.retryAt] : []),
    ...state.delayed.map(({ dueAt }) => dueAt),
  ]
  return times.length === 0 ? undefined : Math.min(...times)
}

/** The number of stored events, the one that is being sent included. */
export const countStored = ({ stored, sending }: RetryState): number =>
  stored.length + (sending ? 1 : 0)

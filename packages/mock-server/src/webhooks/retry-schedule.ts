import {
  addEvent,
  dequeue,
  type EventQueue,
  emptyQueue,
  firstOf,
  type HeldEvent,
  hasEvent,
  lastOf,
  lengthOf,
} from './event-queue.ts'

/** How an install with a `retention_time` is doing. Rule: WH-11. */
export const installPhases = ['UP', 'FAILED', 'IN TRANSITION', 'RECOVERED'] as const
export type InstallPhase = (typeof installPhases)[number]

/** All that decides what becomes of the events of one install. Rule: WH-11. */
export interface RetryState {
  readonly phase: InstallPhase
  /** What waits to be sent, without the one that is being sent. */
  readonly stored: EventQueue
  /** The stored event that is being sent: the probe, or the next one in order. Rule: WH-11b. */
  readonly sending?: HeldEvent | undefined
  /** What goes out by itself at a time, while its conversation is still draining. */
  readonly delayed: readonly { readonly event: HeldEvent; readonly dueAt: number }[]
  /** How often in a row the probe failed. */
  readonly failures: number
  /** When the probe is sent next; absent where it goes at once, or is on its way. */
  readonly retryAt?: number | undefined
  /** The endpoints that failed and have not answered since. */
  readonly failing: readonly string[]
  /** The arrival of the last event that was stored before all endpoints answered again. */
  readonly lastOfOutage: number
}

/** What can happen to the events of an install. */
export type RetryEvent =
  /** It is an event's turn to go out for the first time. */
  | { readonly type: 'turn'; readonly event: HeldEvent }
  | { readonly type: 'answered'; readonly event: HeldEvent; readonly ok: boolean }
  /** Time has passed. */
  | { readonly type: 'due' }

/** What is to be done with an event now. */
interface RetryAction {
  readonly do: 'send' | 'store' | 'drop'
  readonly event: HeldEvent
}

export interface RetryStep {
  readonly state: RetryState
  readonly actions: readonly RetryAction[]
}

/** In ms, `now` since the epoch. */
export interface RetryTimes {
  readonly now: number
  readonly retentionMs: number
}

export const initialRetryState: RetryState = {
  phase: 'UP',
  stored: emptyQueue,
  delayed: [],
  failures: 0,
  failing: [],
  lastOfOutage: -1,
}

const maxDelayMs = 300_000

/** How long an event waits whose conversation is still draining. */
const drainDelayMs = 4000

/** 2, 4, 8 … s after the first, second, third … failure, and never more than 300 s. Rule: WH-11. */
export const toRetryDelayMs = (failures: number): number =>
  Math.min(2 ** failures * 1000, maxDelayMs)

/** Claims that an event is past its time; at the very end of it, it is not. */
const isPast = ({ arrivedAt }: HeldEvent, { now, retentionMs }: RetryTimes): boolean =>
  now - arrivedAt > retentionMs

const isDraining = ({ stored, sending }: RetryState, conversationId: string): boolean =>
  sending?.conversationId === conversationId ||
  hasEvent(stored, event => event.conversationId === conversationId)

const store = (state: RetryState, event: HeldEvent): RetryStep => ({
  state: { ...state, stored: addEvent(state.stored, event) },
  actions: [{ do: 'store', event }],
})

/** Decides on an event that goes out for the first time. */
function takeTurn(state: RetryState, event: HeldEvent, { now }: RetryTimes): RetryStep {
  if (state.phase === 'FAILED') return store(state, event)
  if (state.phase === 'UP' || !isDraining(state, event.conversationId))
    return { state, actions: [{ do: 'send', event }] }
  if (state.phase === 'IN TRANSITION') return store(state, event)
  const delayed = [...state.delayed, { event, dueAt: now + drainDelayMs }]
  return { state: { ...state, delayed }, actions: [] }
}

/** Notes that an endpoint answers; once all do, the transition begins. */
function succeed(state: RetryState, event: HeldEvent): RetryState {
  const failing = state.failing.filter(endpoint => endpoint !== event.endpoint)
  if (state.sending?.id !== event.id) return { ...state, failing }
  const answered = { ...state, failing, sending: undefined, failures: 0, retryAt: undefined }
  const isFailing = hasEvent(state.stored, ({ endpoint }) => failing.includes(endpoint))
  if (state.phase !== 'FAILED' || isFailing) return answered
  const lastOfOutage = lastOf(state.stored)?.arrival ?? event.arrival
  return { ...answered, phase: 'IN TRANSITION', failing: [], lastOfOutage }
}

/** Puts the install into FAILED, or lets its probe wait for longer. Rules: WH-11, WH-11a. */
function fail(state: RetryState, event: HeldEvent, { now }: RetryTimes): RetryStep {
  const isSending = state.sending?.id === event.id
  const freed = isSending ? { ...state, sending: undefined } : state
  if (state.phase !== 'FAILED' && event.isOptional)
    return { state: freed, actions: [{ do: 'drop', event }] }
  const isNews = state.phase !== 'FAILED'
  const isProbe = !isNews && isSending && state.retryAt === undefined
  const failures = isNews ? 1 : state.failures + (isProbe ? 1 : 0)
  const held = [...freed.delayed.map(delayed => delayed.event), event]
  return {
    state: {
      ...freed,
      phase: 'FAILED',
      stored: held.reduce(addEvent, freed.stored),
      delayed: [],
      failures,
      retryAt: isNews || isProbe ? now + toRetryDelayMs(failures) : state.retryAt,
      failing: [...new Set([...state.failing, event.endpoint])],
    },
    actions: held.map(heldEvent => ({ do: 'store', event: heldEvent })),
  }
}

/** Drops what is past its time; the oldest event is always the first. */
function dropPast({ state, actions }: RetryStep, times: RetryTimes): RetryStep {
  let { stored } = state
  const dropped: RetryAction[] = []
  for (let first = firstOf(stored); first && isPast(first, times); first = firstOf(stored)) {
    dropped.push({ do: 'drop', event: first })
    stored = dequeue(stored)
  }
  return dropped.length === 0
    ? { state, actions }
    : { state: { ...state, stored }, actions: [...actions, ...dropped] }
}

function sendDelayed({ state, actions }: RetryStep, { now }: RetryTimes): RetryStep {
  const due = state.delayed.filter(({ dueAt }) => dueAt <= now)
  if (due.length === 0) return { state, actions }
  const delayed = state.delayed.filter(({ dueAt }) => dueAt > now)
  const sends = due.map(({ event }): RetryAction => ({ do: 'send', event }))
  return { state: { ...state, delayed }, actions: [...actions, ...sends] }
}

/** What was stored in the outage is sent: RECOVERED; all is: UP. */
function toPhase({ phase, stored, lastOfOutage }: RetryState): InstallPhase {
  if (phase === 'UP' || phase === 'FAILED') return phase
  const first = firstOf(stored)
  if (first === undefined) return 'UP'
  return first.arrival > lastOfOutage ? 'RECOVERED' : phase
}

/** Sends the oldest stored event where none is on its way; in FAILED it is the probe, and waits for its time. Rule: WH-11b. */
function sendNext({ state, actions }: RetryStep, { now }: RetryTimes): RetryStep {
  if (state.sending) return { state, actions }
  const phase = toPhase(state)
  const first = firstOf(state.stored)
  const isWaiting = phase === 'FAILED' && state.retryAt !== undefined && now < state.retryAt
  if (first === undefined || isWaiting) return { state: { ...state, phase }, actions }
  return {
    state: {
      ...state,
      phase,
      sending: first,
      stored: dequeue(state.stored),
      retryAt: undefined,
    },
    actions: [...actions, { do: 'send', event: first }],
  }
}

function happen(state: RetryState, happening: RetryEvent, times: RetryTimes): RetryStep {
  switch (happening.type) {
    case 'turn':
      return takeTurn(state, happening.event, times)
    case 'answered':
      return happening.ok
        ? { state: succeed(state, happening.event), actions: [] }
        : fail(state, happening.event, times)
    case 'due':
      return { state, actions: [] }
  }
}

/** Takes an install one step further through its outage: no I/O, no clock. Rules: WH-11, WH-11a, WH-11b. */
export const retryByTime = (
  state: RetryState,
  happening: RetryEvent,
  times: RetryTimes,
): RetryStep =>
  sendNext(sendDelayed(dropPast(happen(state, happening, times), times), times), times)

/** When time alone makes a difference next, in ms since the epoch; `undefined` for never. */
export function toNextTime(state: RetryState, retentionMs: number): number | undefined {
  const first = firstOf(state.stored)
  const times = [
    ...(first ? [first.arrivedAt + retentionMs + 1] : []),
    ...(first && !state.sending && state.retryAt !== undefined ? [state.retryAt] : []),
    ...state.delayed.map(({ dueAt }) => dueAt),
  ]
  return times.length === 0 ? undefined : Math.min(...times)
}

/** How many events are stored, the one that is being sent included. */
export const countStored = ({ stored, sending }: RetryState): number =>
  lengthOf(stored) + (sending ? 1 : 0)

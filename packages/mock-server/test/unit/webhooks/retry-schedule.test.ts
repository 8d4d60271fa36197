import { expect, test } from 'vitest'
import {
  countStored,
  createRetryState,
  type RetryEvent,
  reduceRetry,
  toNextTime,
  toRetryDelayMs,
} from '../../../src/webhooks/retry-schedule.ts'

/** `a3` is the third event to arrive, of conversation a; a capital letter has another endpoint, `?` marks max_retries 0. */
const toEvent = (name: string, arrivedAt: number) => ({
  id: name,
  arrival: Number(/\d+/.exec(name)?.[0]),
  arrivedAt,
  conversationId: name.charAt(0).toLowerCase(),
  endpoint: /^[A-Z]/.test(name) ? 'other' : 'usual',
  isOptional: name.endsWith('?'),
})

const retentionMs = 1000 * 1000

/** Runs steps such as `12 turn a1`, `12 ok a1`, `14 fails a1`, `20 due`: seconds, event type, event. */
function run(steps: readonly string[]) {
  const arrivedAt = new Map<string, number>()
  let state = createRetryState()
  const seen = steps.map(step => {
    const [seconds = '', what, name = ''] = step.split(' ')
    const now = Number(seconds) * 1000
    if (what === 'turn') arrivedAt.set(name, now)
    const event = toEvent(name, arrivedAt.get(name) ?? 0)
    const retryEvent: RetryEvent =
      what === 'turn'
        ? { type: 'dequeued', event }
        : what === 'due'
          ? { type: 'due' }
          : { type: 'attempted', event, ok: what === 'ok' }
    const next = reduceRetry(state, retryEvent, { now, retentionMs })
    state = next.state
    const actions = next.actions.map(action => `${action.do} ${action.event.id}`).join(', ')
    return [step, state.phase, actions]
  })
  const nextTime = toNextTime(state, retentionMs)
  return { seen, stored: countStored(state), wakesAt: nextTime && nextTime / 1000 }
}

type Seen = readonly (readonly [step: string, phase: string, actions: string])[]

const outage = [
  ['0 turn a1', 'UP', 'send a1'],
  ['0 turn b2', 'UP', 'send b2'],
  ['1 fails a1', 'FAILED', 'store a1'],
  ['1 fails b2', 'FAILED', 'store b2'],
] as const

test.each<[string, Seen, { stored: number; wakesAt: number | undefined }]>([
  [
    'sends at once while it is UP, and stays UP by successes',
    [
      ['0 turn a1', 'UP', 'send a1'],
      ['0 turn A2', 'UP', 'send A2'],
      ['1 ok a1', 'UP', ''],
      ['1 ok A2', 'UP', ''],
    ],
    { stored: 0, wakesAt: undefined },
  ],
  [
    'stores every event of every type and conversation from the first failure on',
    [
      ...outage,
      ['1.5 turn c3', 'FAILED', 'store c3'],
      ['1.5 turn A4', 'FAILED', 'store A4'],
      ['1.5 turn a5?', 'FAILED', 'store a5?'],
    ],
    { stored: 5, wakesAt: 3 },
  ],
  [
    'keeps an event that was on its way, and does not put off the probe by its failure',
    [
      ['0 turn a1', 'UP', 'send a1'],
      ['0 turn b2', 'UP', 'send b2'],
      ['1 fails b2', 'FAILED', 'store b2'],
      ['2 fails a1', 'FAILED', 'store a1'],
      ['3 due', 'FAILED', 'send a1'],
    ],
    { stored: 2, wakesAt: 1000.001 },
  ],
  [
    'probes with the oldest stored event after 2, 4 and 8 seconds',
    [
      ...outage,
      ['2.9 due', 'FAILED', ''],
      ['3 due', 'FAILED', 'send a1'],
      ['3 turn c3', 'FAILED', 'store c3'],
      ['3 fails a1', 'FAILED', 'store a1'],
      ['6 due', 'FAILED', ''],
      ['7 due', 'FAILED', 'send a1'],
      ['8 fails a1', 'FAILED', 'store a1'],
    ],
    { stored: 3, wakesAt: 16 },
  ],
  [
    'goes to UP by a probe that was all that is stored',
    [
      ['0 turn a1', 'UP', 'send a1'],
      ['0 fails a1', 'FAILED', 'store a1'],
      ['2 due', 'FAILED', 'send a1'],
      ['2 ok a1', 'UP', ''],
    ],
    { stored: 0, wakesAt: undefined },
  ],
  [
    'sends what is stored in order IN TRANSITION, appends to it, and lets new conversations pass',
    [
      ...outage,
      ['2 turn b3', 'FAILED', 'store b3'],
      ['3 due', 'FAILED', 'send a1'],
      ['3 ok a1', 'IN TRANSITION', 'send b2'],
      ['3 turn c4', 'IN TRANSITION', 'send c4'],
      ['3 turn a5', 'IN TRANSITION', 'send a5'],
      ['3 turn b6', 'IN TRANSITION', 'store b6'],
      ['4 ok b2', 'IN TRANSITION', 'send b3'],
      ['4 turn b7', 'IN TRANSITION', 'store b7'],
      ['4 ok b3', 'RECOVERED', 'send b6'],
      ['4 ok b6', 'RECOVERED', 'send b7'],
      ['4 ok b7', 'UP', ''],
      ['4 ok c4', 'UP', ''],
      ['4 ok a5', 'UP', ''],
    ],
    { stored: 0, wakesAt: undefined },
  ],
  [
    'lets an event of a draining conversation wait for 4 seconds once it is RECOVERED',
    [
      ...outage,
      ['3 due', 'FAILED', 'send a1'],
      ['3 ok a1', 'IN TRANSITION', 'send b2'],
      ['3 turn b3', 'IN TRANSITION', 'store b3'],
      ['3 turn b4', 'IN TRANSITION', 'store b4'],
      ['4 ok b2', 'RECOVERED', 'send b3'],
      ['4 turn b5', 'RECOVERED', ''],
      ['5 turn c6', 'RECOVERED', 'send c6'],
      ['7.9 due', 'RECOVERED', ''],
      ['8 due', 'RECOVERED', 'send b5'],
      ['8 ok b3', 'RECOVERED', 'send b4'],
      ['8 ok b5', 'RECOVERED', ''],
      ['8 ok b4', 'UP', ''],
    ],
    { stored: 0, wakesAt: undefined },
  ],
  [
    'sends a waiting event after its 4 seconds although it is UP by then',
    [
      ...outage,
      ['3 due', 'FAILED', 'send a1'],
      ['3 ok a1', 'IN TRANSITION', 'send b2'],
      ['3 turn b3', 'IN TRANSITION', 'store b3'],
      ['4 ok b2', 'RECOVERED', 'send b3'],
      ['4 turn b4', 'RECOVERED', ''],
      ['5 ok b3', 'UP', ''],
    ],
    { stored: 0, wakesAt: 8 },
  ],
  [
    'is FAILED again by a failure IN TRANSITION, and waits for 2 seconds anew',
    [
      ...outage,
      ['3 due', 'FAILED', 'send a1'],
      ['3 fails a1', 'FAILED', 'store a1'],
      ['7 due', 'FAILED', 'send a1'],
      ['7 ok a1', 'IN TRANSITION', 'send b2'],
      ['8 fails b2', 'FAILED', 'store b2'],
      ['8 turn c3', 'FAILED', 'store c3'],
    ],
    { stored: 2, wakesAt: 10 },
  ],
  [
    'is FAILED again by an event of a new conversation, and by one while it is RECOVERED',
    [
      ...outage,
      ['3 due', 'FAILED', 'send a1'],
      ['3 ok a1', 'IN TRANSITION', 'send b2'],
      ['3 turn b3', 'IN TRANSITION', 'store b3'],
      ['4 ok b2', 'RECOVERED', 'send b3'],
      ['4 turn b4', 'RECOVERED', ''],
      ['5 turn c5', 'RECOVERED', 'send c5'],
      ['5 fails c5', 'FAILED', 'store b4, store c5'],
      ['6 fails b3', 'FAILED', 'store b3'],
      ['7 due', 'FAILED', 'send b3'],
      ['7 ok b3', 'IN TRANSITION', 'send b4'],
    ],
    { stored: 2, wakesAt: 1005.001 },
  ],
  [
    'stays FAILED until all endpoints answer that failed',
    [
      ['0 turn a1', 'UP', 'send a1'],
      ['0 turn B2', 'UP', 'send B2'],
      ['0 turn c3', 'UP', 'send c3'],
      ['0 fails a1', 'FAILED', 'store a1'],
      ['0 fails B2', 'FAILED', 'store B2'],
      ['0 fails c3', 'FAILED', 'store c3'],
      ['2 due', 'FAILED', 'send a1'],
      ['2 ok a1', 'FAILED', 'send B2'],
      ['2 turn d4', 'FAILED', 'store d4'],
      ['2 fails B2', 'FAILED', 'store B2'],
      ['4 due', 'FAILED', 'send B2'],
      ['4 ok B2', 'IN TRANSITION', 'send c3'],
    ],
    { stored: 2, wakesAt: 1002.001 },
  ],
  [
    'drops a failing event of a type with max_retries 0 while it is not FAILED',
    [
      ['0 turn a1?', 'UP', 'send a1?'],
      ['0 fails a1?', 'UP', 'drop a1?'],
      ['0 turn a2', 'UP', 'send a2'],
      ['0 turn b3?', 'UP', 'send b3?'],
      ['0 fails a2', 'FAILED', 'store a2'],
      ['0 fails b3?', 'FAILED', 'store b3?'],
      ['2 due', 'FAILED', 'send a2'],
      ['2 ok a2', 'IN TRANSITION', 'send b3?'],
      ['2 fails b3?', 'UP', 'drop b3?'],
    ],
    { stored: 0, wakesAt: undefined },
  ],
  [
    'keeps an event to the very end of its retention_time, and drops it then',
    [
      ...outage,
      ['2 turn c3', 'FAILED', 'store c3'],
      ['1000 due', 'FAILED', 'send a1'],
      ['1000.001 due', 'FAILED', 'drop b2'],
      ['1000.001 fails a1', 'FAILED', 'store a1, drop a1'],
      ['1002 due', 'FAILED', ''],
    ],
    { stored: 1, wakesAt: 1002.001 },
  ],
  [
    'stays FAILED when all that was stored is dropped, until an event gets through',
    [
      ['0 turn a1', 'UP', 'send a1'],
      ['0 fails a1', 'FAILED', 'store a1'],
      ['1001 due', 'FAILED', 'drop a1'],
      ['1002 turn b2', 'FAILED', 'store b2, send b2'],
      ['1002 ok b2', 'UP', ''],
    ],
    { stored: 0, wakesAt: undefined },
  ],
])('%s', (_, expected, end) => {
  const { seen, ...ended } = run(expected.map(([step]) => step))
  expect(seen).toEqual(expected)
  expect(ended).toEqual(end)
})

test('lets probes be 2, 4, 8 … and never more than 300 seconds apart', () => {
  const delays = [1, 2, 3, 7, 8, 9, 1000].map(failures => toRetryDelayMs(failures) / 1000)
  expect(delays).toEqual([2, 4, 8, 128, 256, 300, 300])
})

test('stores and sends many events in the order of their arrival [WH-11b]', () => {
  let state = createRetryState()
  let sent: string[] = []
  const reduce = (event: RetryEvent, now: number): void => {
    const next = reduceRetry(state, event, { now, retentionMs })
    state = next.state
    sent = next.actions.flatMap(({ do: action, event: { id } }) => (action === 'send' ? [id] : []))
  }
  const events = Array.from({ length: 2000 }, (_, index) => toEvent(`a${index}`, 1))
  for (const event of events.slice(0, 3)) reduce({ type: 'dequeued', event }, 1)
  for (const event of events.slice(0, 3).toReversed())
    reduce({ type: 'attempted', event, ok: false }, 1)
  for (const event of events.slice(3)) reduce({ type: 'dequeued', event }, 1)
  expect([state.phase, countStored(state)]).toEqual(['FAILED', 2000])
  const order: string[] = []
  for (reduce({ type: 'due' }, 2001); state.sending; ) {
    order.push(...sent)
    reduce({ type: 'attempted', event: state.sending, ok: true }, 2001)
  }
  expect(order).toEqual(events.map(({ id }) => id))
  expect([state.phase, countStored(state)]).toEqual(['UP', 0])
})

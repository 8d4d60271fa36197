import { expect, onTestFinished, test, vi } from 'vitest'
import type { EventFacts } from '../../../src/events/event.ts'
import { EventFeed } from '../../../src/events/event-feed.ts'
import { Sink } from '../../event-sink.ts'

function createFeed(maxEvents = 10) {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const feed = new EventFeed(maxEvents)
  const add = (count: number, padding = ''): void => {
    for (let index = 0; index < count; index += 1) {
      const data = { accountId: '1', at: index, faultId: padding }
      feed.add({ kind: 'fault', accountId: '1', status: data.at }, JSON.stringify(data))
    }
  }
  const open = (after?: string, filter?: (event: EventFacts) => boolean): Sink => {
    const sink = new Sink()
    feed.open(sink, { after, filter }, () => {})
    return sink
  }
  return { feed, add, open, tick: () => vi.advanceTimersByTime(10) }
}

test('each reader gets each event once, in order, from where it begins', () => {
  const { add, open, tick } = createFeed()
  const first = open()
  add(2)
  tick()
  const second = open()
  add(1)
  const third = open()
  add(1)
  tick()
  expect([first.numbers, second.numbers, third.numbers]).toEqual([[1, 2, 3, 4], [3, 4], [4]])
  expect(second.text).toMatch(
    /^id: [\w-]+-3\nevent: fault\ndata: \{"accountId":"1","at":0,"faultId":""\}\n\nid: /,
  )
})

test('a reader that comes back continues with the next event, while it is kept', () => {
  const { add, open, tick } = createFeed(3)
  const before = open()
  add(2)
  tick()
  const { lastId } = before
  before.destroy()
  add(3)
  const after = open(lastId)
  expect(after.numbers).toEqual([3, 4, 5])
  expect(after.text).not.toContain('event: gap')
  add(1)
  tick()
  expect(after.numbers).toEqual([3, 4, 5, 6])
})

test('events that are no longer known, or of another life, are a gap', () => {
  const { add, open } = createFeed(2)
  const { lastId } = (() => {
    const sink = open()
    add(1)
    vi.advanceTimersByTime(10)
    return sink
  })()
  add(3)
  const run = lastId.replace(/-1$/, '')
  for (const [after, expected] of [
    [lastId, { after: lastId, first: `${run}-3` }],
    ['other-4', { after: 'other-4', first: `${run}-3` }],
    [`${run}-9`, { after: `${run}-9`, first: `${run}-3` }],
    ['', { after: null, first: `${run}-3` }],
  ] as const) {
    const sink = open(after)
    expect(sink.text.startsWith(`event: gap\ndata: ${JSON.stringify(expected)}\n\n`)).toBe(true)
    expect(sink.numbers).toEqual([3, 4])
  }
})

test('a filter leaves events out, and the reader loses none behind them', () => {
  const { add, open, tick } = createFeed(10)
  const isOdd = ({ status }: EventFacts): boolean => Number(status) % 2 === 1
  const sink = open(undefined, isOdd)
  add(4)
  tick()
  expect(sink.numbers).toEqual([2, 4])
})

test('a reader that does not read is sent no more, others are, and it continues once it reads', () => {
  const { add, open, tick } = createFeed(10)
  const [stalled, other] = [open(), open()]
  stalled.isFree = false
  add(1)
  tick()
  add(2)
  tick()
  expect([stalled.numbers, other.numbers]).toEqual([[1], [1, 2, 3]])
  stalled.drain()
  expect(stalled.numbers).toEqual([1, 2, 3])
})

test('a reader that is 1 MiB behind is dropped, and reads why', () => {
  const { feed, add, open, tick } = createFeed(100_000)
  const [stalled, other] = [open(), open()]
  stalled.isFree = false
  add(1)
  tick()
  const kibibyte = 'x'.repeat(1024)
  add(900, kibibyte)
  tick()
  expect(stalled.state).toBe('open')
  add(200, kibibyte)
  tick()
  expect(stalled.text.endsWith(`event: dropped\ndata: {"after":"${stalled.lastId}"}\n\n`)).toBe(
    true,
  )
  expect([stalled.state, stalled.numbers]).toEqual(['ended', [1]])
  expect([other.numbers.length, feed.readers]).toEqual([1101, 1])
  vi.advanceTimersByTime(5000)
  expect(stalled.state).toBe('destroyed')
})

test('a reader that comes back far behind is sent all that is kept, however much', () => {
  const { add, open, tick } = createFeed(100_000)
  const { lastId } = (() => {
    const sink = open()
    add(1)
    tick()
    return sink
  })()
  add(3000, 'x'.repeat(1024))
  const sink = open(lastId)
  expect(sink.numbers).toHaveLength(3000)
  sink.isFree = false
  add(1)
  tick()
  expect(sink.state).toBe('open')
})

test('a reader whose next event was evicted is dropped', () => {
  const { add, open, tick } = createFeed(2)
  const sink = open()
  sink.isFree = false
  add(1)
  tick()
  add(5)
  tick()
  expect(sink.text).toContain('event: dropped')
})

test('comments keep an idle connection open', () => {
  const { feed, open } = createFeed()
  const [sink, stalled] = [open(), open()]
  stalled.isFree = false
  feed.beat()
  expect(sink.text).toBe(':\n\n')
})

test('closing sends what is collected, ends the readers, and cuts one that does not read', () => {
  const { feed, add, open, tick } = createFeed()
  const [sink, stalled] = [open(), open()]
  stalled.isFree = false
  add(1)
  tick()
  add(1)
  feed.close()
  expect([sink.numbers, sink.state, stalled.state]).toEqual([[1, 2], 'ended', 'destroyed'])
})

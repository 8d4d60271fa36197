import { expect, test } from 'vitest'
import { createReorderBuffer } from '../../../src/webhooks/reorder-buffer.ts'
import { createManualSchedule } from '../../webhooks/manual-schedule.ts'

const permutationsOf = <Element>(elements: readonly Element[]): Element[][] =>
  elements.length === 0
    ? [[]]
    : elements.flatMap((element, index) =>
        permutationsOf(elements.toSpliced(index, 1)).map(rest => [element, ...rest]),
      )

/** A reorder buffer whose releases and gaps are recorded in order: `a0`, `late a0`, `gap 1-2 before a3`. */
const createTestOrder = (withinMs = 1000) => {
  const timers = createManualSchedule()
  const log: string[] = []
  const order = createReorderBuffer<string>({
    withinMs,
    schedule: timers.schedule,
    release: (item, isLate) => log.push(isLate ? `late ${item}` : item),
    onGap: ({ from, to }, item) => log.push(`gap ${from}-${to} before ${item}`),
  })
  /** `a0` is number 0 of dialog a; a word without a number has no position. */
  const push = (...items: readonly string[]): void => {
    for (const item of items) {
      const sequence = Number(item.slice(1))
      order.push(item, Number.isNaN(sequence) ? undefined : { dialogId: item.charAt(0), sequence })
    }
  }
  return { ...order, push, log, timers }
}

test('in whichever order six events come, they go out by number, without waiting for time [SEQ-1]', () => {
  const sorted = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5']
  const arrivals = permutationsOf(sorted)
  expect(arrivals).toHaveLength(720)
  for (const arrival of arrivals) {
    const { push, log, timers, isHolding } = createTestOrder()
    push(...arrival)
    expect({ arrival, log }).toEqual({ arrival, log: sorted })
    expect([timers.waiting(), isHolding()]).toEqual([0, false])
  }
})

test('an event that is ahead goes out with a notice of the gap once its time is over', () => {
  const { push, log, timers } = createTestOrder()
  push('a0', 'a3', 'a4')
  timers.advance(999)
  expect(log).toEqual(['a0'])
  timers.advance(1)
  expect(log).toEqual(['a0', 'gap 1-2 before a3', 'a3', 'a4'])
  push('a5', 'a2')
  expect(log.slice(4)).toEqual(['a5', 'late a2'])
  expect(timers.waiting()).toBe(0)
})

test('each event waits its own time', () => {
  const { push, log, timers } = createTestOrder()
  push('a0', 'a2')
  timers.advance(600)
  push('a5')
  timers.advance(400)
  expect(log).toEqual(['a0', 'gap 1-1 before a2', 'a2'])
  timers.advance(600)
  expect(log.slice(3)).toEqual(['gap 3-4 before a5', 'a5'])
})

test('time that is over for one event lets lower ones go too, but no higher ones', () => {
  const { push, log, timers } = createTestOrder()
  push('a0', 'a6')
  timers.advance(500)
  push('a4', 'a8')
  timers.advance(500)
  expect(log).toEqual(['a0', 'gap 1-3 before a6', 'a4', 'gap 5-5 before a6', 'a6'])
})

test('a dialog whose first number is not 0 waits once, and what comes by then sets the start', () => {
  const { push, log, timers } = createTestOrder()
  push('a8', 'a7', 'a9')
  expect(log).toEqual([])
  timers.advance(1000)
  expect(log).toEqual(['a7', 'a8', 'a9'])
  push('a10', 'a6')
  expect(log.slice(3)).toEqual(['a10', 'late a6'])
})

test('each dialog has numbers of its own [SEQ-3]', () => {
  const { push, log } = createTestOrder()
  push('a0', 'a2', 'b0', 'b1', 'a1')
  expect(log).toEqual(['a0', 'b0', 'b1', 'a1', 'a2'])
})

test('what has no number goes after those that came before it and before those that came later [SEQ-4]', () => {
  const { push, log } = createTestOrder()
  push('composing', 'a0', 'a2', 'active', 'a3', 'closed', 'a1')
  expect(log).toEqual(['composing', 'a0', 'a1', 'a2', 'active', 'a3', 'closed'])
})

test('what has no number waits no longer than what it stands behind', () => {
  const { push, log, timers } = createTestOrder()
  push('a0', 'a2', 'active')
  timers.advance(1000)
  expect(log).toEqual(['a0', 'gap 1-1 before a2', 'a2', 'active'])
})

test('without a time to wait, events go out as they come, with gaps and late ones told', () => {
  const { push, log, timers } = createTestOrder(0)
  push('a3', 'a5', 'a4', 'active', 'a6')
  expect(log).toEqual(['a3', 'gap 4-4 before a5', 'a5', 'late a4', 'active', 'a6'])
  expect(timers.waiting()).toBe(0)
})

test('a flush releases all dialogs in order and leaves no timer', () => {
  const { push, log, timers, flush, isHolding } = createTestOrder()
  push('a0', 'a3', 'b2', 'a2', 'active', 'b1')
  expect(isHolding()).toBe(true)
  flush()
  expect(log).toEqual(['a0', 'gap 1-1 before a3', 'a2', 'a3', 'b1', 'b2', 'active'])
  expect([timers.waiting(), isHolding()]).toEqual([0, false])
})

test('a number that is taken back is the next again, so that the following one waits for it', () => {
  const { push, log, retract } = createTestOrder()
  push('a0', 'a1')
  retract({ dialogId: 'a', sequence: 1 })
  push('a2', 'a1')
  expect(log).toEqual(['a0', 'a1', 'a1', 'a2'])
})

test('a number is not taken back once a higher one is out', () => {
  const { push, log, retract } = createTestOrder()
  push('a0', 'a1', 'a2')
  retract({ dialogId: 'a', sequence: 1 })
  push('a1', 'a3')
  expect(log).toEqual(['a0', 'a1', 'a2', 'late a1', 'a3'])
})

import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AccountClock } from '../../../src/accounts/account-clock.ts'
import { Clocks } from '../../../src/accounts/clocks.ts'
import { Updates } from '../../../src/updates.ts'

test('follows the wall time, stands still while it is frozen, and runs on from where it stands', async () => {
  let wall = 1000
  const clock = new AccountClock(() => wall)
  wall += 5
  expect([clock.now(), clock.frozen]).toEqual([1005, false])
  clock.freeze()
  wall += 100
  expect([clock.now(), clock.frozen]).toEqual([1005, true])
  await clock.advance(10)
  expect(clock.now()).toBe(1015)
  clock.resume()
  wall += 1
  expect([clock.now(), clock.frozen]).toEqual([1016, false])
  await clock.advance(1000)
  expect(clock.now()).toBe(2016)
})

test('stays as it is where it is frozen twice or resumed while it runs', () => {
  let wall = 0
  const clock = new AccountClock(() => wall)
  clock.resume()
  clock.freeze()
  wall = 50
  clock.freeze()
  expect(clock.now()).toBe(0)
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('does not advance by %s', ms => {
  const clock = new AccountClock(() => 0)
  expect(() => clock.advance(ms)).toThrow(
    new RangeError(`A clock advances by a whole number of ms, 0 or more, not by ${ms}`),
  )
})

test('does not advance beyond the last time that has a date', async () => {
  const clock = new AccountClock(() => 0)
  await clock.advance(8.64e15)
  expect(() => clock.advance(1)).toThrow(
    new RangeError('A clock goes to 8640000000000000 ms at most, the last time that has a date'),
  )
})

test('runs what falls due in order, each at its time, also what a task schedules on its way', async () => {
  const clock = new AccountClock(() => 0)
  clock.freeze()
  const ran: string[] = []
  const note = (name: string) => () => {
    ran.push(`${name} at ${clock.now()}`)
  }
  clock.schedule(30, 'a task', note('third'))
  clock.schedule(10, 'a task', async () => {
    note('first')()
    await setImmediate()
    clock.schedule(25, 'a task', note('between'))
    clock.schedule(1000, 'a task', note('never'))
  })
  clock.schedule(20, 'a task', note('second'))
  clock.schedule(20, 'a task', note('second too'))
  await clock.advance(40)
  expect(ran).toEqual([
    'first at 10',
    'second at 20',
    'second too at 20',
    'between at 25',
    'third at 30',
  ])
  expect(clock.now()).toBe(40)
})

test('waits for work that goes on by itself before it moves', async () => {
  const clock = new AccountClock(() => 0)
  clock.freeze()
  const ran: number[] = []
  const work = async () => {
    await setImmediate()
    clock.schedule(clock.now() + 5, 'a task', () => {
      ran.push(clock.now())
    })
  }
  clock.track(work())
  await clock.advance(10)
  expect(ran).toEqual([5])
})

test('advances one after another, however they are called', async () => {
  const clock = new AccountClock(() => 0)
  clock.freeze()
  const ran: number[] = []
  clock.schedule(5, 'a task', async () => {
    await setImmediate()
    ran.push(clock.now())
  })
  clock.schedule(15, 'a task', () => {
    ran.push(clock.now())
  })
  await Promise.all([clock.advance(10), clock.advance(10)])
  expect([ran, clock.now()]).toEqual([[5, 15], 20])
})

test('says what falls due next, until nothing waits for the time', async () => {
  const clock = new AccountClock(() => 0)
  clock.freeze()
  const cancel = clock.schedule(5, 'the first', () => {})
  clock.schedule(7, 'the second', () => {})
  expect(clock.next).toEqual({ at: 5, what: 'the first' })
  cancel()
  expect(clock.next).toEqual({ at: 7, what: 'the second' })
  await clock.advance(7)
  expect(clock.next).toBe(undefined)
})

test('shows a clock with its distance from the wall time, and creates none', async () => {
  const clocks = new Clocks(() => 100)
  const running = { now: 100, frozen: false, offsetMs: 0, next: null }
  expect([clocks.show('a'), clocks.accountIds()]).toEqual([running, []])
  const clock = clocks.of('a')
  clock.freeze()
  await clock.advance(5)
  clock.schedule(200, 'a task', () => {})
  const next = { at: 200, what: 'a task' }
  expect(clocks.show('a')).toEqual({ now: 105, frozen: true, offsetMs: 5, next })
})

test('calls a task off, and all of them at a reset', async () => {
  const clocks = new Clocks(() => 0)
  const clock = clocks.of('a')
  clock.freeze()
  const task = vi.fn<() => void>()
  clock.schedule(5, 'a task', task)()
  clock.schedule(6, 'a task', task)
  clocks.reset('a')
  await clock.advance(10)
  expect(task).not.toHaveBeenCalled()
})

test('runs a task by a timer while it is not frozen, and without delay what is due while it is', async () => {
  const clock = new AccountClock(Date.now)
  await new Promise<void>(resolve => {
    clock.schedule(clock.now() + 1, 'a task', resolve)
  })
  clock.freeze()
  await new Promise<void>(resolve => {
    clock.schedule(clock.now(), 'a task', resolve)
  })
  expect(clock.frozen).toBe(true)
})

test('publishes each change of a clock: freeze, advance, resume, restore and reset', async () => {
  const updates = new Updates()
  const published: unknown[] = []
  updates.subscribe('clock', ({ accountId, now, frozen }) => {
    published.push([accountId, now, frozen])
  })
  const clocks = new Clocks(() => 100, updates)
  const clock = clocks.of('a')
  clock.freeze()
  await clock.advance(5)
  clock.schedule(110, 'a task', () => {})
  await clock.advance(5)
  clock.resume()
  clock.resume()
  clocks.restore('a', { clock: { offsetMs: 0, frozenAt: 50 } })
  clocks.of('b').freeze()
  clocks.reset('a')
  clocks.reset()
  expect(published).toEqual([
    ['a', 100, true],
    ['a', 105, true],
    ['a', 110, true],
    ['a', 110, false],
    ['a', 50, true],
    ['b', 100, true],
    ['a', 100, false],
    ['b', 100, false],
  ])
})

test('a restore stops the timer of the tasks that it cancels', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const clock = new AccountClock(() => 0)
  clock.schedule(5, 'a task', () => {})
  expect(vi.getTimerCount()).toBe(1)
  clock.restore({ offsetMs: 0, frozenAt: null })
  expect(vi.getTimerCount()).toBe(0)
})

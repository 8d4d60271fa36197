import { expect, test } from 'vitest'
import { AccountClock } from '../../src/account-clock.ts'

test('follows the wall time, stands still while it is frozen, and runs on from where it stands', () => {
  let wall = 1000
  const clock = new AccountClock(() => wall)
  wall += 5
  expect([clock.now(), clock.frozen]).toEqual([1005, false])
  clock.freeze()
  wall += 100
  expect([clock.now(), clock.frozen]).toEqual([1005, true])
  clock.advance(10)
  expect(clock.now()).toBe(1015)
  clock.resume()
  wall += 1
  expect([clock.now(), clock.frozen]).toEqual([1016, false])
  clock.advance(1000)
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

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('does not advance by %s', ms => {
  const clock = new AccountClock(() => 0)
  expect(() => clock.advance(ms)).toThrow(
    new RangeError(`A clock advances by 0 ms or more, not by ${ms}`),
  )
})

import { expect, test } from 'vitest'
import { singleFlight } from '../../../src/session/single-flight.ts'

/** A fetch that resolves with its call count. */
const createCounter = () => {
  let calls = 0
  return { fetch: async () => ++calls, calls: () => calls }
}

test('callers that come while a fetch is in flight wait for it', async () => {
  const counter = createCounter()
  const kept = singleFlight(counter.fetch)

  expect(await Promise.all([kept.get(), kept.get(), kept.get()])).toEqual([1, 1, 1])
  expect(counter.calls()).toBe(1)
})

test('a kept value is given until it is no longer fresh', async () => {
  const counter = createCounter()
  let oldest = 1
  const kept = singleFlight(counter.fetch, value => value >= oldest)

  expect([await kept.get(), await kept.get()]).toEqual([1, 1])
  oldest = 2
  expect([await kept.get(), await kept.get()]).toEqual([2, 2])
})

test('a failure reaches all who wait and the next caller fetches anew', async () => {
  let calls = 0
  const kept = singleFlight(async () => {
    calls += 1
    if (calls === 1) throw new Error('no luck')
    return calls
  })

  const outcomes = await Promise.allSettled([kept.get(), kept.get()])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await kept.get()).toBe(2)
})

test('a fetch that throws before its first await is not kept either', async () => {
  let calls = 0
  const kept = singleFlight(() => {
    calls += 1
    if (calls === 1) throw new Error('at once')
    return Promise.resolve(calls)
  })

  await expect(kept.get()).rejects.toThrow('at once')
  expect(await kept.get()).toBe(2)
})

test('only the value that is kept is forgotten, never a newer one', async () => {
  const kept = singleFlight(createCounter().fetch)
  expect(await kept.get()).toBe(1)

  kept.invalidate(1)
  expect(await kept.get()).toBe(2)
  kept.invalidate(1)
  expect(await kept.get()).toBe(2)
})

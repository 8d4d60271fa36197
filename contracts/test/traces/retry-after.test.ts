import { expect, test } from 'vitest'
import { toDelayMs, withRetries } from '../../src/traces/retry-after.ts'

const answers = (statuses: readonly number[], retryAfter?: string) => {
  const left = [...statuses]
  const waits: number[] = []
  const send = async () => ({
    status: left.shift() ?? 200,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  })
  const wait = async (durationMs: number) => void waits.push(durationMs)
  return { send, wait, waits }
}

test('a call that is refused with 429 is repeated after the time that the answer asks for [RES-8.1, RES-8.2]', async () => {
  const { send, wait, waits } = answers([429, 429, 201], '3')
  expect((await withRetries(send, wait)).status).toBe(201)
  expect(waits).toEqual([3000, 3000])
})

test('no other refusal is repeated, and a 429 that does not end counts as the answer', async () => {
  const other = answers([503])
  expect((await withRetries(other.send, other.wait)).status).toBe(503)
  expect(other.waits).toEqual([])
  const endless = answers(Array.from({ length: 9 }, () => 429))
  expect((await withRetries(endless.send, endless.wait)).status).toBe(429)
  expect(endless.waits).toEqual([1000, 1000, 1000, 1000, 1000])
})

test.each([
  ['2', 2000],
  ['0', 1000],
  [undefined, 1000],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 1000],
])('Retry-After: %s means %i ms', (retryAfter, waitMs) => {
  expect(toDelayMs(retryAfter)).toBe(waitMs)
})

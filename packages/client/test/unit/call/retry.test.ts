import { describe, expect, test } from 'vitest'
import { readRetryAfterMs, toRetryDelayMs } from '../../../src/call/retry.ts'
import { ApiError } from '../../../src/errors/api-error.ts'
import { ConnectionError } from '../../../src/errors/connection-error.ts'

const call = {
  purpose: 'Sending X',
  method: 'POST',
  path: '/x',
  idempotent: true,
  wasSent: true,
} as const
const exact = { maxRetries: 3, random: () => 0 }

const delaysOf = (error: ApiError | ConnectionError, policy = exact) =>
  [1, 2, 3, 4].map(failures => toRetryDelayMs(error, { failures, refusedAppJwts: 0 }, policy))

test.each([
  ['5xx', new ApiError(call, { status: 503 })],
  ['a lost answer', new ConnectionError(call, new Error('reset'))],
])('%s is repeated three times, 5, 10 and 15 s apart', (_, error) => {
  expect(delaysOf(error)).toEqual([5_000, 10_000, 15_000, undefined])
})

test('429 is repeated three times, 1, 2 and 4 s apart [RES-8.1]', () => {
  expect(delaysOf(new ApiError(call, { status: 429 }))).toEqual([1_000, 2_000, 4_000, undefined])
})

test('what is not retryable is not repeated', () => {
  expect(delaysOf(new ApiError(call, { status: 400 }))).toEqual(Array.from({ length: 4 }))
})

test('Retry-After lengthens a wait and never shortens one [RES-8.2]', () => {
  expect(delaysOf(new ApiError(call, { status: 429, retryAfterMs: 3_000 }))).toEqual([
    3_000,
    3_000,
    4_000,
    undefined,
  ])
})

test('jitter adds up to a fifth of the wait that is asked for at least', () => {
  const policy = { ...exact, random: () => 1 }

  expect(delaysOf(new ApiError(call, { status: 503 }), policy)).toEqual([
    6_000,
    12_000,
    18_000,
    undefined,
  ])
  expect(delaysOf(new ApiError(call, { status: 503, retryAfterMs: 60_000 }), policy)).toEqual([
    61_000,
    62_000,
    63_000,
    undefined,
  ])
})

test('more retries than the ladder has steps stay on its last', () => {
  const error = new ApiError(call, { status: 503 })
  const policy = { ...exact, maxRetries: 4 }

  expect(delaysOf(error, policy)).toEqual([5_000, 10_000, 15_000, 15_000])
  expect(delaysOf(error, { ...exact, maxRetries: 0 })[0]).toBeUndefined()
})

test('a refused AppJWT is repeated at once, and once [AUTH-6]', () => {
  const error = new ApiError(call, { status: 401, errorCode: 40102 })

  const delays = [1, 2].map(refusedAppJwts =>
    toRetryDelayMs(error, { failures: 0, refusedAppJwts }, { ...exact, maxRetries: 0 }),
  )
  expect(delays).toEqual([0, undefined])
})

describe('Retry-After', () => {
  test.each([
    ['1', 1_000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 7_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j ms at 3 s past the epoch', (value, expected) => {
    expect(readRetryAfterMs(value, 3_000)).toBe(expected)
  })
})

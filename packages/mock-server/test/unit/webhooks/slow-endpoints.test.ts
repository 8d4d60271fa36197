import { expect, test } from 'vitest'
import type { AttemptOutcome } from '../../../src/webhooks/delivery.ts'
import { listTooSlow, recordAttempt, type SlowEndpoints } from '../../../src/webhooks/endpoint.ts'

type Answer = readonly [at: number, durationMs: number, outcome?: AttemptOutcome]

const tooSlowAfter = (answers: readonly Answer[]): string[] => {
  let slow: SlowEndpoints = {}
  for (const [at, durationMs, outcome = 200] of answers)
    slow = recordAttempt(slow, 'https://a', { at, durationMs, outcome })
  return listTooSlow(slow)
}

test.each<[string, readonly Answer[], readonly string[]]>([
  [
    'two minutes of slow answers',
    [
      [0, 2501],
      [120_000, 2501],
    ],
    [],
  ],
  [
    'over two minutes of slow answers',
    [
      [0, 2501],
      [120_001, 2501],
    ],
    ['https://a'],
  ],
  [
    'time-outs, which have no duration where they are simulated',
    [
      [0, 0, 'timeout'],
      [130_000, 0, 'timeout'],
    ],
    ['https://a'],
  ],
  [
    'an answer in time in between',
    [
      [0, 3000],
      [60_000, 2500],
      [130_000, 3000],
    ],
    [],
  ],
  [
    'an answer in time at the end',
    [
      [0, 3000],
      [130_000, 3000],
      [131_000, 10],
    ],
    [],
  ],
])('%s', (_, answers, expected) => {
  expect(tooSlowAfter(answers)).toEqual(expected)
})

test('keeps endpoints apart', () => {
  let slow: SlowEndpoints = {}
  for (const at of [0, 200_000]) {
    slow = recordAttempt(slow, 'https://a', { at, durationMs: 3000, outcome: 200 })
    slow = recordAttempt(slow, 'https://b', { at, durationMs: 5, outcome: 200 })
  }
  expect(listTooSlow(slow)).toEqual(['https://a'])
})

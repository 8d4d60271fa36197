import { expect, test } from 'vitest'
import { judgeSoak, type SoakMeasurements, toTable } from './judge-soak.ts'

const windowAt = (requests: number, keptHeapMiB?: number) => ({
  requests,
  perSecond: 8000,
  p50Ms: 3,
  p99Ms: 10,
  delayP99Ms: 20,
  rssMiB: 300,
  mappedMiB: 46,
  heapMiB: 100,
  ...(keptHeapMiB !== undefined && { keptHeapMiB }),
})

const good: SoakMeasurements = {
  requests: 1000,
  failed: 0,
  sequences: [
    [1, 0, 2],
    [0, 1],
  ],
  windows: [
    windowAt(100, 20),
    windowAt(200, 70),
    windowAt(600),
    windowAt(900, 90),
    windowAt(1000, 86),
  ],
}

const unmetOf = (measurements: SoakMeasurements): string[] =>
  judgeSoak(measurements).flatMap(({ figure, value, isMet }) =>
    isMet ? [] : [`${figure}: ${value}`],
  )

test('a run that stays within its bounds meets all of them', () => {
  expect(unmetOf(good)).toEqual([])
  expect(toTable(judgeSoak(good))).not.toContain('not met')
})

const [first, second, ...others] = good.windows as [
  SoakMeasurements['windows'][number],
  SoakMeasurements['windows'][number],
]
const last = (change: object) => ({
  ...good,
  windows: [first, second, ...others.slice(0, -1), { ...windowAt(1000, 86), ...change }],
})

test.each<[string, SoakMeasurements, string]>([
  ['a response is no 200', { ...good, failed: 1 }, 'responses other than 200: 1'],
  [
    'a number is missing',
    {
      ...good,
      sequences: [
        [0, 1],
        [0, 3],
      ],
    },
    'gaps in sequences: 2',
  ],
  ['the first number is missing', { ...good, sequences: [[1, 2]] }, 'gaps in sequences: 1'],
  ['a number is given twice', { ...good, sequences: [[0, 1, 1]] }, 'repeated numbers: 1'],
  ['the collected heap grows', last({ keptHeapMiB: 87 }), 'growth of the collected heap, MiB: 17'],
  ['RSS grows', last({ rssMiB: 513 }), 'largest RSS, MiB: 513'],
  [
    'the event loop is slow',
    last({ delayP99Ms: 101 }),
    'p99 of the event loop, ms, median of the last fifth: 101',
  ],
])('a run in which %s does not meet its bound', (_, measurements, unmet) => {
  expect(unmetOf(measurements)).toEqual([unmet])
  expect(toTable(judgeSoak(measurements))).toContain('**not met**')
})

test('a run without two collections after it was full, or without a window, meets no bound of memory', () => {
  const collectedOnce = { ...good, windows: [first, second, windowAt(1000)] }
  expect(unmetOf(collectedOnce)).toEqual(['growth of the collected heap, MiB: NaN'])
  expect(unmetOf({ ...good, windows: [] })).toHaveLength(3)
})

import type { SoakWindow } from './plot-soak.ts'

/** The measurements of a run. */
export interface SoakMeasurements {
  readonly requests: number
  /** How many responses had another status than 200. */
  readonly failed: number
  /** The sequence numbers of each conversation's texts and receipts, in any order. */
  readonly sequences: readonly (readonly number[])[]
  readonly windows: readonly SoakWindow[]
}

/** A figure of a run, and the bound that it is judged by. */
export interface Verdict {
  readonly figure: string
  readonly value: number
  readonly maximum: number
  readonly isMet: boolean
  /** Why the bound is where it is. */
  readonly reason: string
}

/** The share of the requests after which journals and transcripts are full. */
const shareUntilFull = 0.2

/** How many numbers of a conversation are missing, and how many were given before. Rule: SEQ-6. */
function countFaults(numbers: readonly number[]): { gaps: number; duplicates: number } {
  const given = new Set(numbers)
  const next = numbers.reduce((most, number) => Math.max(most, number + 1), 0)
  return { gaps: next - given.size, duplicates: numbers.length - given.size }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The median of the last fifth; `NaN`, which meets no bound, where nothing was measured. */
const medianAtEnd = (values: readonly number[]): number => {
  const end = values.slice(-Math.ceil(values.length / 5)).toSorted((one, other) => one - other)
  return end[Math.floor(end.length / 2)] ?? Number.NaN
}

/** `NaN` where nothing was measured. */
const largest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.max(...values)

/** By how many MiB the heap after a collection is larger at the end than when everything bounded was full. */
function growthOf({ requests, windows }: SoakMeasurements): number {
  const collected = windows.filter(({ keptHeapMiB }) => keptHeapMiB !== undefined)
  const full = collected.find(window => window.requests >= requests * shareUntilFull)
  const last = collected.at(-1)
  if (full === last) return Number.NaN
  return (last?.keptHeapMiB ?? Number.NaN) - (full?.keptHeapMiB ?? Number.NaN)
}

/** Judges a run: a figure a row, each with its bound. */
export function judgeSoak(measurements: SoakMeasurements): Verdict[] {
  const faults = measurements.sequences.map(countFaults)
  const { failed, windows } = measurements
  const rows: readonly (readonly [
    figure: string,
    value: number,
    maximum: number,
    reason: string,
  ])[] = [
    ['responses other than 200', failed, 0, 'every request is good'],
    ['gaps in sequences', sum(faults.map(({ gaps }) => gaps)), 0, 'SEQ-6'],
    ['repeated numbers', sum(faults.map(({ duplicates }) => duplicates)), 0, 'SEQ-6'],
    [
      'growth of the collected heap, MiB',
      growthOf(measurements),
      16,
      '20 bytes a send from 200,000 to 1,000,000; the least that a text keeps is more',
    ],
    [
      'largest RSS, MiB',
      largest(windows.map(({ rssMiB }) => rssMiB)),
      512,
      'runs in a container of 512 MiB',
    ],
    [
      'p99 of the event loop, ms, median of the last fifth',
      medianAtEnd(windows.map(({ delayP99Ms }) => delayP99Ms)),
      100,
      'a tenth of a second is where a person notices; one window may be slow by what runs beside it',
    ],
  ]
  return rows.map(([figure, value, maximum, reason]) => ({
    figure,
    value: Number(value.toFixed(1)),
    maximum,
    isMet: value <= maximum,
    reason,
  }))
}

/** The verdicts as a Markdown table. */
export const toTable = (verdicts: readonly Verdict[]): string =>
  [
    '| figure | measured | at most | | reason |',
    '| --- | --- | --- | --- | --- |',
    ...verdicts.map(
      ({ figure, value, maximum, isMet, reason }) =>
        `| ${figure} | ${value} | ${maximum} | ${isMet ? 'met' : '**not met**'} | ${reason} |`,
    ),
  ].join('\n')

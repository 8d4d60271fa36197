import type { Timers } from '../src/index.ts'

/** A clock whose short timers fire immediately, and long ones by hand only. */
export interface TestClock {
  readonly now: () => number
  readonly timers: Timers
  /** Delays before retries in ms, in order. */
  readonly waitsMs: readonly number[]
  /** Number of pending timers. */
  readonly pending: number
  /** Their delays in ms. */
  readonly pendingMs: readonly number[]
  /** Fires every pending timer of at most `maxMs`. */
  expire(maxMs?: number): void
  /** Keeps short timers from firing, until `passWaits`. */
  holdWaits(): void
  passWaits(): void
}

/** Minimum timeout of a call; delays before retries are shorter. */
const longMs = 60_000

/** Creates a clock for a client whose `timeoutMs` is at least `longMs`. */
export function createTestClock(startMs: number = 1_700_000_000_000): TestClock {
  let nowMs = startMs
  let holds = false
  const waitsMs: number[] = []
  const timers = new Map<object, { readonly callback: () => void; readonly delayMs: number }>()

  const fire = (key: object): void => {
    const timer = timers.get(key)
    if (timer === undefined) return
    timers.delete(key)
    nowMs += timer.delayMs
    timer.callback()
  }
  const fireShort = (): void => {
    for (const [key, { delayMs }] of timers) if (delayMs < longMs) setImmediate(fire, key)
  }

  return {
    now: () => nowMs,
    timers: {
      setTimeout(callback, delayMs) {
        const key = {}
        timers.set(key, { callback, delayMs })
        if (delayMs < longMs) waitsMs.push(delayMs)
        if (delayMs < longMs && !holds) setImmediate(fire, key)
        return key
      },
      clearTimeout(key) {
        timers.delete(key as object)
      },
    },
    waitsMs,
    get pending() {
      return timers.size
    },
    get pendingMs() {
      return [...timers.values()].map(({ delayMs }) => delayMs)
    },
    expire(maxMs = Number.POSITIVE_INFINITY) {
      const due = [...timers].filter(([, { delayMs }]) => delayMs <= maxMs)
      for (const [key] of due) fire(key)
    },
    holdWaits() {
      holds = true
    },
    passWaits() {
      holds = false
      fireShort()
    },
  }
}

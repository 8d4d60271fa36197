import type { Timers } from '../src/index.ts'

/** A clock that lets short waits pass at once, and long ones only when it is told to. */
export interface TestClock {
  readonly now: () => number
  readonly timers: Timers
  /** What was waited for before a repeat, in ms, in order. */
  readonly waitsMs: readonly number[]
  /** How many timers are neither over nor cleared. */
  readonly pending: number
  /** How long those take, in ms. */
  readonly pendingMs: readonly number[]
  /** Lets the whole time of every call in flight be over, where it is not longer. */
  expire(longestMs?: number): void
  /** Keeps short waits from passing, until `passWaits`. */
  holdWaits(): void
  passWaits(): void
}

/** The shortest time of a whole call; a wait before a repeat is shorter. */
const longMs = 60_000

/** Creates a clock for a client whose calls may take `longMs` or more. */
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
    expire(longestMs = Number.POSITIVE_INFINITY) {
      const due = [...timers].filter(([, { delayMs }]) => delayMs <= longestMs)
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

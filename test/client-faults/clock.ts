import type { ClientOptions } from '@sendbox/client'

/** A client's clock: waits before a retry end immediately, the deadline of a whole call never passes. */
export interface ClientClock extends Required<Pick<ClientOptions, 'now' | 'timers'>> {
  /** Waits before retries, in ms, in order. */
  readonly waitsMs: number[]
  /** How many timers are neither over nor cleared. */
  readonly pending: number
  /** Lets the time of the whole calls be over that were given just so long. */
  expire(delayMs: number): void
}

/** The shortest time of a whole call; a wait before a repeat is shorter. */
const wholeCallMs = 60_000

interface Timer {
  readonly callback: () => void
  readonly delayMs: number
  readonly dueMs: number
}

/** Creates a clock that starts now and advances by each wait. */
export function createClientClock(): ClientClock {
  let nowMs = Date.now()
  const waitsMs: number[] = []
  const timers = new Map<object, Timer>()

  const fire = (key: object): void => {
    const timer = timers.get(key)
    if (timer === undefined) return
    timers.delete(key)
    // Waits that began together end together.
    nowMs = Math.max(nowMs, timer.dueMs)
    timer.callback()
  }

  return {
    now: () => nowMs,
    timers: {
      setTimeout(callback, delayMs) {
        const key = {}
        timers.set(key, { callback, delayMs, dueMs: nowMs + delayMs })
        if (delayMs < wholeCallMs) {
          waitsMs.push(delayMs)
          setImmediate(fire, key)
        }
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
    expire(wantedMs) {
      for (const [key, { delayMs }] of timers) if (delayMs === wantedMs) fire(key)
    },
  }
}

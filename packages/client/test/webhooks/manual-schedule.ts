import type { Schedule } from '../../src/webhooks/schedule.ts'

/** A timer that advances by hand only. */
export interface ManualSchedule {
  readonly schedule: Schedule
  /** Number of scheduled functions. */
  readonly waiting: () => number
  readonly advance: (byMs: number) => void
}

export function createManualSchedule(): ManualSchedule {
  const timers = new Set<{ readonly run: () => void; readonly dueMs: number }>()
  let nowMs = 0

  return {
    schedule(run, delayMs) {
      const timer = { run, dueMs: nowMs + delayMs }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    waiting: () => timers.size,
    advance(byMs) {
      nowMs += byMs
      for (const timer of timers) {
        if (timer.dueMs > nowMs) continue
        timers.delete(timer)
        timer.run()
      }
    },
  }
}

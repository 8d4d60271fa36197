/** What starts and ends a wait; replace it to test with a clock of your own. */
export interface Timers {
  /** Calls `callback` once after `delayMs`, and gives what `clearTimeout` takes. */
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
}

export const systemTimers: Timers = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: timer => clearTimeout(timer as NodeJS.Timeout),
}

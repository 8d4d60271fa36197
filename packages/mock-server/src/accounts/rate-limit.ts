import { type AccountPart, ValuePart } from './account-part.ts'

/** Counts the calls of each account in the present second of its clock. Rule: RES-8. */
export class RateLimit extends ValuePart<{ second: number; calls: number }> implements AccountPart {
  readonly #callsPerSecond: number

  constructor(callsPerSecond: number) {
    super()
    this.#callsPerSecond = callsPerSecond
  }

  /** Counts a call; false if it exceeds the limit. `now` is in ms since the epoch. */
  tryAcquire(accountId: string, now: number): boolean {
    const second = Math.floor(now / 1000)
    const known = this.values.get(accountId)
    const window = known?.second === second ? known : { second, calls: 0 }
    this.values.set(accountId, window)
    window.calls += 1
    return window.calls <= this.#callsPerSecond
  }

  /** No snapshot has counted calls: an account starts to count again. */
  restore(accountId: string): void {
    this.reset(accountId)
  }
}

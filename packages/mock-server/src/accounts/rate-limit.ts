import { type AccountPart, ValuePart } from './account-part.ts'

/** Counts the calls of each account in the present second of its clock. Rule: RES-8. */
export class RateLimit extends ValuePart<{ second: number; calls: number }> implements AccountPart {
  /** Counts a call; false if it exceeds the limit of calls per second. `now` is in ms since the epoch. */
  tryAcquire(accountId: string, now: number, limit: number): boolean {
    const second = Math.floor(now / 1000)
    const known = this.values.get(accountId)
    const window = known?.second === second ? known : { second, calls: 0 }
    this.values.set(accountId, window)
    window.calls += 1
    return window.calls <= limit
  }

  /** No snapshot has counted calls: an account starts to count again. */
  restore(accountId: string): void {
    this.reset(accountId)
  }
}

import type { AccountPart } from './account-part.ts'

/** Counts the calls of each account in the present second of its clock. Rule: RES-8. */
export class RateLimit implements AccountPart {
  readonly #callsPerSecond: number
  readonly #windows = new Map<string, { second: number; calls: number }>()

  constructor(callsPerSecond: number) {
    this.#callsPerSecond = callsPerSecond
  }

  /** Counts a call; false if it exceeds the limit. `now` is in ms since the epoch. */
  tryAcquire(accountId: string, now: number): boolean {
    const second = Math.floor(now / 1000)
    const known = this.#windows.get(accountId)
    const window = known?.second === second ? known : { second, calls: 0 }
    this.#windows.set(accountId, window)
    window.calls += 1
    return window.calls <= this.#callsPerSecond
  }

  /** The accounts with counted calls. */
  accountIds(): string[] {
    return [...this.#windows.keys()]
  }

  reset(accountId?: string): void {
    if (accountId === undefined) this.#windows.clear()
    else this.#windows.delete(accountId)
  }

  /** No snapshot has counted calls: an account starts to count again. */
  restore(accountId: string): void {
    this.reset(accountId)
  }
}

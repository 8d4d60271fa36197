/** Counts the calls of each account in the present second of its clock. Rule: RES-8. */
export class RateLimit {
  readonly #callsPerSecond: number
  readonly #windows = new Map<string, { second: number; calls: number }>()

  constructor(callsPerSecond: number) {
    this.#callsPerSecond = callsPerSecond
  }

  /** Counts a call, and claims that it may go on; `now` is in ms. */
  tryAcquire(accountId: string, now: number): boolean {
    const second = Math.floor(now / 1000)
    const known = this.#windows.get(accountId)
    const window = known?.second === second ? known : { second, calls: 0 }
    this.#windows.set(accountId, window)
    window.calls += 1
    return window.calls <= this.#callsPerSecond
  }

  /** The accounts that calls were counted of. */
  accountIds(): string[] {
    return [...this.#windows.keys()]
  }

  /** Forgets the calls of an account. */
  reset(accountId: string): void {
    this.#windows.delete(accountId)
  }
}

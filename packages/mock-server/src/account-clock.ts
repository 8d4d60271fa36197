/** The time of one account, which a test may freeze and advance. All times are in ms since the epoch. */
export class AccountClock {
  readonly #wallTime: () => number
  #offsetMs = 0
  #frozenAt: number | undefined

  constructor(wallTime: () => number) {
    this.#wallTime = wallTime
  }

  now(): number {
    return this.#frozenAt ?? this.#wallTime() + this.#offsetMs
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /** Stands still from now on. */
  freeze(): void {
    this.#frozenAt = this.now()
  }

  /** Goes forward by `ms`, frozen or not; throws a `RangeError` for a step back. */
  advance(ms: number): void {
    if (!(ms >= 0 && Number.isFinite(ms)))
      throw new RangeError(`A clock advances by 0 ms or more, not by ${ms}`)
    if (this.#frozenAt === undefined) this.#offsetMs += ms
    else this.#frozenAt += ms
  }

  /** Runs on from where it stands. */
  resume(): void {
    if (this.#frozenAt === undefined) return
    this.#offsetMs = this.#frozenAt - this.#wallTime()
    this.#frozenAt = undefined
  }
}

/** The clocks of all accounts; each starts with the wall time. */
export class Clocks {
  readonly #wallTime: () => number
  readonly #clocks = new Map<string, AccountClock>()

  constructor(wallTime: () => number) {
    this.#wallTime = wallTime
  }

  of(accountId: string): AccountClock {
    const clock = this.#clocks.get(accountId) ?? new AccountClock(this.#wallTime)
    this.#clocks.set(accountId, clock)
    return clock
  }

  reset(): void {
    this.#clocks.clear()
  }
}

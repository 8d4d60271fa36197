import { isDeepStrictEqual } from 'node:util'
import { Updates } from '../updates.ts'
import { AccountClock, type ClockSnapshot, type ClockView } from './account-clock.ts'
import { type AccountPart, type PartDocument, ValuePart } from './account-part.ts'

const initialClock: ClockSnapshot = { offsetMs: 0, frozenAt: null }

/** The clocks of all accounts; each starts with the wall time. */
export class Clocks
  extends ValuePart<AccountClock>
  implements AccountPart<{ clock: ClockSnapshot }>
{
  readonly #time: () => number
  readonly #updates: Updates
  #aheadMs: number

  readonly document: PartDocument<ClockSnapshot> = {
    name: 'clock',
    capture: accountId => {
      const clock = this.values.get(accountId)?.snapshot()
      return isDeepStrictEqual(clock, initialClock) ? undefined : clock
    },
    restore: (accountId, clock = initialClock) => this.restore(accountId, { clock }),
  }

  /** `time` is in ms, and `aheadMs` before the epoch's; publishes an update after each freeze, advance, resume, restore and reset. */
  constructor(time: () => number, updates: Updates = new Updates(), aheadMs = 0) {
    super()
    this.#time = time
    this.#updates = updates
    this.#aheadMs = aheadMs
  }

  /** The time that all clocks follow, in ms since the epoch. */
  readonly wallTime = (): number => Math.floor(this.#time() + this.#aheadMs)

  /** Moves the time that all clocks follow forward to a time, unless it is later; a restart does not go back in time. */
  startAfter(time: number): void {
    this.#aheadMs += Math.max(time - this.wallTime(), 0)
  }

  /** The time of an account, in ms since the epoch; reading it creates no clock. */
  now(accountId: string): number {
    return this.values.get(accountId)?.now() ?? this.wallTime()
  }

  /** Shows the clock of an account; creates none. */
  show(accountId: string): ClockView {
    const clock = this.values.get(accountId)
    const wallTime = this.wallTime()
    const now = clock?.now() ?? wallTime
    return {
      now,
      frozen: clock?.frozen ?? false,
      offsetMs: now - wallTime,
      next: clock?.next ?? null,
    }
  }

  of(accountId: string): AccountClock {
    return this.values.get(accountId) ?? this.#create(accountId)
  }

  #create(accountId: string): AccountClock {
    const clock: AccountClock = new AccountClock(
      this.wallTime,
      () =>
        void this.#updates.publish('clock', { accountId, now: clock.now(), frozen: clock.frozen }),
    )
    this.values.set(accountId, clock)
    return clock
  }

  /** Cancels all tasks, and returns to the wall time. */
  protected override end(clock: AccountClock): void {
    clock.restore(initialClock)
  }

  snapshot(accountId: string): { clock: ClockSnapshot } {
    return { clock: this.values.get(accountId)?.snapshot() ?? initialClock }
  }

  restore(accountId: string, { clock }: { clock: ClockSnapshot }): void {
    this.of(accountId).restore(clock)
  }
}

import { z } from 'zod'

/** What a clock was set to. */
export const ClockSnapshotSchema = z.strictObject({
  /** How far it is from the wall time, in ms. */
  offsetMs: z.number(),
  /** Where it stands still, in ms since the epoch; `null` for a clock that runs. */
  frozenAt: z.number().nullable(),
})
export type ClockSnapshot = z.output<typeof ClockSnapshotSchema>

type Task = () => void | Promise<void>

interface Scheduled {
  readonly at: number
  readonly task: Task
}

/** The last time that has a date. */
export const latestTime = 8.64e15

/** The longest delay that a timer takes, in ms. */
const maxTimerMs = 2 ** 31 - 1

/**
 * The time of one account, which a test may freeze and advance, and what is to be done by it. All times are in ms since the epoch.
 * Tasks start in the order of their time, and of one time in the order in which they were scheduled; while the clock is advanced,
 * each ends before the next one starts.
 */
export class AccountClock {
  readonly #wallTime: () => number
  #offsetMs = 0
  #frozenAt: number | undefined
  /** By time, the next one first. */
  #scheduled: Scheduled[] = []
  readonly #running = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #advancing: Promise<void> = Promise.resolve()
  #advances = 0

  constructor(wallTime: () => number) {
    this.#wallTime = wallTime
  }

  now(): number {
    return this.#frozenAt ?? this.#wallTime() + this.#offsetMs
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /** Stands still from now on; what is due already runs all the same. */
  freeze(): void {
    this.#frozenAt = this.now()
    this.#arm()
  }

  /**
   * Goes forward by `ms`, frozen or not, and resolves once everything that fell due has run in order, also what that brought about.
   * Throws a `RangeError` for a step back and for a part of a ms, which no timestamp of the service has.
   */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0 && Number.isInteger(ms)))
      throw new RangeError(`A clock advances by a whole number of ms, 0 or more, not by ${ms}`)
    if (this.now() + ms > latestTime)
      throw new RangeError(
        `A clock goes to ${latestTime} ms at most, the last time that has a date`,
      )
    const isIdle = this.#advances === 0 && this.#running.size === 0
    const target = this.now() + ms
    if (isIdle && !this.#scheduled.some(({ at }) => at <= target)) {
      this.#moveTo(target)
      this.#arm()
      return Promise.resolve()
    }
    this.#advances += 1
    this.#advancing = this.#advancing.then(() => this.#runUntil(ms))
    return this.#advancing
  }

  /** Runs on from where it stands. */
  resume(): void {
    if (this.#frozenAt === undefined) return
    this.#offsetMs = this.#frozenAt - this.#wallTime()
    this.#frozenAt = undefined
    this.#arm()
  }

  /** Runs a task at a time, or at once where that has come, and returns what calls it off. Tasks handle their own failures. */
  schedule(at: number, task: Task): () => void {
    const scheduled = { at, task }
    const next = this.#scheduled.findIndex(other => other.at > at)
    this.#scheduled.splice(next === -1 ? this.#scheduled.length : next, 0, scheduled)
    this.#arm()
    return () => {
      this.#scheduled = this.#scheduled.filter(other => other !== scheduled)
    }
  }

  /** Lets `advance` wait for work that goes on by itself. */
  track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }

  /** Forgets all tasks, and what it was set to. */
  reset(): void {
    this.#scheduled = []
    clearTimeout(this.#timer)
    this.#offsetMs = 0
    this.#frozenAt = undefined
  }

  /** Says what it is set to. */
  snapshot(): ClockSnapshot {
    return { offsetMs: this.#offsetMs, frozenAt: this.#frozenAt ?? null }
  }

  /** Forgets all tasks, and goes on from what it was set to once. */
  restore({ offsetMs, frozenAt }: ClockSnapshot): void {
    this.reset()
    this.#offsetMs = offsetMs
    this.#frozenAt = frozenAt ?? undefined
  }

  #moveTo(time: number): void {
    const step = time - this.now()
    if (step <= 0) return
    if (this.#frozenAt === undefined) this.#offsetMs += step
    else this.#frozenAt = time
  }

  async #runUntil(ms: number): Promise<void> {
    const target = this.now() + ms
    for (;;) {
      while (this.#running.size > 0) await Promise.all(this.#running)
      const next = this.#scheduled[0]
      if (next === undefined || next.at > target) break
      this.#moveTo(next.at)
      this.#startDue()
    }
    this.#moveTo(target)
    this.#advances -= 1
    this.#arm()
  }

  #startDue(): void {
    const due = this.#scheduled[0]
    if (due === undefined || due.at > this.now()) return
    this.#scheduled.shift()
    this.track(Promise.resolve().then(due.task))
  }

  /** Sets the timer to the next task; a clock that is frozen waits for `advance`, except for what is due. */
  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#scheduled[0]
    if (next === undefined || this.#advances > 0) return
    const delayMs = next.at - this.now()
    if (this.frozen && delayMs > 0) return
    this.#timer = setTimeout(() => this.#tick(), Math.min(Math.max(delayMs, 0), maxTimerMs)).unref()
  }

  #tick(): void {
    if (this.#advances > 0) return
    this.#startDue()
    this.#arm()
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
    const known = this.#clocks.get(accountId)
    if (known) return known
    const clock = new AccountClock(this.#wallTime)
    this.#clocks.set(accountId, clock)
    return clock
  }

  /** The accounts whose time was asked for. */
  accountIds(): string[] {
    return [...this.#clocks.keys()]
  }

  /** Calls off every task of an account and forgets its clock. */
  reset(accountId: string): void {
    this.#clocks.get(accountId)?.reset()
    this.#clocks.delete(accountId)
  }
}

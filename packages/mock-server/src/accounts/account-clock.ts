import { z } from 'zod'

/** The last time that `Date` can represent, in ms since the epoch. */
export const latestTime = 8.64e15

/** A time that a clock can have, in ms since the epoch. */
export const TimeSchema = z.number().min(0).max(latestTime)

/** How a clock is set. */
export const ClockSnapshotSchema = z.strictObject({
  /** Its distance from the wall time, in ms. */
  offsetMs: z.number().min(-latestTime).max(latestTime),
  /** Its time while it is frozen, in ms since the epoch; `null` while it runs. */
  frozenAt: TimeSchema.nullable(),
})
export type ClockSnapshot = z.output<typeof ClockSnapshotSchema>

/** The task of a clock that falls due next. */
const DueTaskSchema = z.object({
  /** In ms since the epoch, by the clock. */
  at: TimeSchema,
  /** One clause that says what happens then. */
  what: z.string(),
})
export type DueTask = z.output<typeof DueTaskSchema>

/** A clock, and what it brings next. */
export const ClockViewSchema = z.object({
  now: TimeSchema,
  frozen: z.boolean(),
  /** Its distance from the wall time, in ms; positive for a clock that is ahead. */
  offsetMs: z.number(),
  /** `null` while nothing waits for the time. */
  next: DueTaskSchema.nullable(),
})
export type ClockView = z.output<typeof ClockViewSchema>

type Task = () => void | Promise<void>

interface Scheduled extends DueTask {
  readonly task: Task
}

/** Largest delay of `setTimeout`; larger ones fire immediately. */
const maxTimerMs = 2 ** 31 - 1

/**
 * The virtual clock of one account, and the tasks scheduled on it. All times are in ms since the epoch. Tasks start in the order of
 * their times, equal ones in the order in which they were scheduled; during `advance`, each task ends before the next one starts.
 */
export class AccountClock {
  readonly #wallTime: () => number
  readonly #onChange: () => void
  #offsetMs = 0
  #frozenAt: number | undefined
  /** Sorted by time. */
  #scheduled: Scheduled[] = []
  readonly #running = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #advancing: Promise<void> = Promise.resolve()
  #advances = 0

  /** `onChange` is called after each change of the time or of `frozen` that is more than the passing of time. */
  constructor(wallTime: () => number, onChange: () => void = () => {}) {
    this.#wallTime = wallTime
    this.#onChange = onChange
  }

  now(): number {
    // A clock that runs stops at the ends of time: no later one has a date.
    return this.#frozenAt ?? Math.max(0, Math.min(this.#wallTime() + this.#offsetMs, latestTime))
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /**
   * Stops the time; tasks that are due already still run.
   * @example
   * ```ts
   * account.clock.freeze()
   * const now = account.clock.now()
   * await conversation.sendText('Hello')
   * console.log(account.clock.now() - now) // 0
   * ```
   */
  freeze(): void {
    this.#frozenAt = this.now()
    this.#changed()
  }

  /**
   * Moves the time forward by `ms`, frozen or not, and resolves once all tasks that fell due have run in order, with the tasks that they
   * scheduled. Throws a `RangeError` if `ms` is negative or no integer, and beyond {@link latestTime}.
   * @example
   * ```ts
   * account.clock.freeze()
   * const now = account.clock.now()
   * await account.clock.advance(60_000)
   * console.log(account.clock.now() - now) // 60000
   * ```
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
      this.#changed()
      return Promise.resolve()
    }
    this.#advances += 1
    this.#advancing = this.#advancing.then(() => this.#runUntil(ms))
    return this.#advancing
  }

  /** Lets a frozen clock run, from its present time. */
  resume(): void {
    if (this.#frozenAt === undefined) return
    this.#offsetMs = this.#frozenAt - this.#wallTime()
    this.#frozenAt = undefined
    this.#changed()
  }

  /**
   * The task that falls due next, such as a bot's answer or a repeat of a webhook; `undefined` while nothing waits for the time.
   * @example
   * ```ts
   * const next = account.clock.next
   * if (next) await account.clock.advance(Math.max(next.at - account.clock.now(), 0))
   * ```
   */
  get next(): DueTask | undefined {
    const [first] = this.#scheduled
    return first && { at: first.at, what: first.what }
  }

  /** Runs a task at a time, or next if that has passed, and returns a function that cancels it; `what` names it for people. A task must not throw. */
  schedule(at: number, what: string, task: Task): () => void {
    const scheduled = { at, what, task }
    const next = this.#scheduled.findIndex(other => other.at > at)
    this.#scheduled.splice(next === -1 ? this.#scheduled.length : next, 0, scheduled)
    this.#arm()
    return () => {
      this.#scheduled = this.#scheduled.filter(other => other !== scheduled)
    }
  }

  /** Makes `advance` wait for work that the clock did not start. */
  track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }

  snapshot(): ClockSnapshot {
    return { offsetMs: this.#offsetMs, frozenAt: this.#frozenAt ?? null }
  }

  /** Cancels all tasks, and sets the clock as in a snapshot. */
  restore({ offsetMs, frozenAt }: ClockSnapshot): void {
    this.#scheduled = []
    this.#offsetMs = offsetMs
    this.#frozenAt = frozenAt ?? undefined
    this.#changed()
  }

  #changed(): void {
    this.#arm()
    this.#onChange()
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
    this.#changed()
  }

  #startDue(): void {
    const due = this.#scheduled[0]
    if (due === undefined || due.at > this.now()) return
    this.#scheduled.shift()
    this.track(Promise.resolve().then(due.task))
  }

  /** Sets the timer for the next task; while the clock is frozen, for a task that is due only. */
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

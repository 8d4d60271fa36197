import { setMaxListeners } from 'node:events'
import { requirePositive } from '../checks.ts'
import type { ClientError, FailedCall } from '../errors/client-error.ts'
import { AbortedError } from '../errors/local-errors.ts'
import { TimeoutError } from '../errors/timeout-error.ts'

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

/** The longest wait that Node's timers keep; they would end a longer one at once. */
const longestTimerMs = 2_147_483_647

/** Why a call ends before its answer; it never leaves the package. */
export class Interruption extends Error {
  readonly phase: 'timeout' | 'abort'

  constructor(phase: 'timeout' | 'abort', reason?: unknown) {
    super('the call is interrupted', { cause: reason })
    this.phase = phase
  }
}

/** Tells of an interruption in the words of the call that it ended. */
export const toInterruptedError = (
  call: FailedCall,
  { phase, cause }: Interruption,
): ClientError =>
  phase === 'timeout' ? new TimeoutError(call, 'call') : new AbortedError(call, cause)

/** How long a call may take, and what else may end it. */
export interface CallScopeOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly now: () => number
  readonly timers: Timers
}

type Listener = (interruption: Interruption) => void

/**
 * The time and the signal of one call, over all of its steps; it must be ended. A class, as one is
 * made for every call.
 */
export class CallScope {
  readonly deadlineMs: number
  readonly #timers: Timers
  readonly #signal: AbortSignal | undefined
  readonly #timer: unknown
  #interruption: Interruption | undefined
  #listener: Listener | undefined

  /** Throws a `RangeError` for a time that cannot be. */
  constructor({ timeoutMs, signal, now, timers }: CallScopeOptions) {
    requirePositive('timeoutMs', timeoutMs)
    this.deadlineMs = now() + timeoutMs
    this.#timers = timers
    this.#signal = signal
    if (signal?.aborted) this.#onAbort()
    else if (signal !== undefined) {
      // One signal may end any number of calls, and Node warns of the eleventh.
      setMaxListeners(0, signal)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
    // A longer time is taken as no limit.
    if (timeoutMs <= longestTimerMs) {
      this.#timer = timers.setTimeout(() => this.#interrupt('timeout'), timeoutMs)
    }
  }

  /** Why the call is over, if it is. */
  get interruption(): Interruption | undefined {
    return this.#interruption
  }

  /** Sets who is told of an interruption: the step that runs, in place of the one before it. */
  listen(listener: Listener): void {
    this.#listener = listener
    if (this.#interruption !== undefined) listener(this.#interruption)
  }

  /** Settles as `promise` does, or rejects with an interruption, and leaves `promise` to itself. */
  waitFor<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.listen(reject)
      promise.then(resolve, reject)
    })
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#timers.setTimeout(resolve, Math.min(delayMs, longestTimerMs))
      this.listen(interruption => {
        this.#timers.clearTimeout(timer)
        reject(interruption)
      })
    })
  }

  /** Lets go of timer and signal. */
  end(): void {
    this.#listener = undefined
    if (this.#timer !== undefined) this.#timers.clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.#interrupt('abort', this.#signal?.reason)

  #interrupt(phase: Interruption['phase'], reason?: unknown): void {
    this.#interruption ??= new Interruption(phase, reason)
    this.#listener?.(this.#interruption)
  }
}

import { setMaxListeners } from 'node:events'
import { requirePositive } from '../checks.ts'
import type { CallInfo, ClientError } from '../errors/client-error.ts'
import { AbortedError } from '../errors/local-errors.ts'
import { TimeoutError } from '../errors/timeout-error.ts'

/** Timer functions; replace them to test with a fake clock. */
export interface Timers {
  /** Calls `callback` once after `delayMs`; returns the handle for `clearTimeout`. */
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
}

export const systemTimers: Timers = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: timer => clearTimeout(timer as NodeJS.Timeout),
}

/** Largest delay of `setTimeout` (2³¹ − 1 ms); larger ones fire immediately. */
const maxTimerMs = 2_147_483_647

/** Why a call ended before its response; internal to the package. */
export class Interruption extends Error {
  readonly phase: 'timeout' | 'abort'

  constructor(phase: 'timeout' | 'abort', reason?: unknown) {
    super('the call is interrupted', { cause: reason })
    this.phase = phase
  }
}

/** Converts an interruption to the public error of the call. */
export const toInterruptedError = (call: CallInfo, { phase, cause }: Interruption): ClientError =>
  phase === 'timeout' ? new TimeoutError(call, 'call') : new AbortedError(call, cause)

export interface CallScopeOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly now: () => number
  readonly timers: Timers
}

type InterruptionListener = (interruption: Interruption) => void

/** Deadline and abort signal of one call, across all of its requests; `end()` releases them. */
export class CallScope {
  readonly deadlineMs: number
  readonly #timers: Timers
  readonly #signal: AbortSignal | undefined
  readonly #timer: unknown
  #interruption: Interruption | undefined
  #listener: InterruptionListener | undefined

  /** Throws a `RangeError` if `timeoutMs` is not over 0. */
  constructor({ timeoutMs, signal, now, timers }: CallScopeOptions) {
    requirePositive('timeoutMs', timeoutMs)
    this.deadlineMs = now() + timeoutMs
    this.#timers = timers
    this.#signal = signal
    if (signal?.aborted) this.#onAbort()
    else if (signal !== undefined) {
      // One signal may abort any number of calls; Node warns from the eleventh listener on.
      setMaxListeners(0, signal)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
    // Longer timeouts are no limit.
    if (timeoutMs <= maxTimerMs) {
      this.#timer = timers.setTimeout(() => this.#interrupt('timeout'), timeoutMs)
    }
  }

  /** Set once the call is interrupted. */
  get interruption(): Interruption | undefined {
    return this.#interruption
  }

  /** Replaces the interruption listener; called synchronously if already interrupted. */
  onInterruption(listener: InterruptionListener): void {
    this.#listener = listener
    if (this.#interruption !== undefined) listener(this.#interruption)
  }

  /** Settles as `promise` does, or rejects with the interruption; does not cancel `promise`. */
  waitFor<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.onInterruption(reject)
      promise.then(resolve, reject)
    })
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#timers.setTimeout(resolve, Math.min(delayMs, maxTimerMs))
      this.onInterruption(interruption => {
        this.#timers.clearTimeout(timer)
        reject(interruption)
      })
    })
  }

  /** Releases the timer and the signal. */
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

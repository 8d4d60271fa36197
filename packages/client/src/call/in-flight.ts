/** Counts calls in flight. It refuses none after `close()`: callers check `isClosed`. */
export class InFlightCounter {
  #inFlight = 0
  #isClosed = false
  readonly #whenEmpty: (() => void)[] = []

  get isClosed(): boolean {
    return this.#isClosed
  }

  enter(): void {
    this.#inFlight += 1
  }

  leave(): void {
    this.#inFlight -= 1
    if (this.#inFlight === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  /** Resolves when no call is in flight. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#inFlight > 0) await new Promise<void>(resolve => this.#whenEmpty.push(resolve))
  }
}

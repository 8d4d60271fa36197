/** Counts calls in flight. It refuses none after `close()`: callers check `isClosed`. */
export interface InFlightCounter {
  readonly isClosed: boolean
  enter(): void
  leave(): void
  /** Resolves when no call is in flight. */
  close(): Promise<void>
}

export function createInFlightCounter(): InFlightCounter {
  let inFlight = 0
  let isClosed = false
  const whenEmpty: (() => void)[] = []
  return {
    get isClosed() {
      return isClosed
    },
    enter() {
      inFlight += 1
    },
    leave() {
      inFlight -= 1
      if (inFlight === 0) for (const resolve of whenEmpty.splice(0)) resolve()
    },
    close() {
      isClosed = true
      return inFlight === 0
        ? Promise.resolve()
        : new Promise(resolve => {
            whenEmpty.push(resolve)
          })
    },
  }
}

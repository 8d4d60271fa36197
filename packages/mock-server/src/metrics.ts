/** Upper bounds in seconds; most calls take less than one ms. */
export const durationBuckets: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5,
]

/** The label of a missing operation or status. */
const none = 'none'

/** The label of the operation of a request that is a call of none. */
export const noOperation = none

/** The labels and the duration of a call. */
interface CountedCall {
  readonly operation: string | undefined
  readonly status: number | undefined
  /** How the call ended on the wire. */
  readonly delivery: string
  readonly faultId: string | undefined
  readonly durationMs: number | undefined
}

/** Number of calls with the same labels. */
interface Count {
  readonly labels: Readonly<Record<string, string>>
  count: number
}

/** Durations of the calls of one operation. */
interface Durations {
  /** Number of calls per bucket, not cumulative; the last one is beyond all bounds. */
  readonly counts: number[]
  sumSeconds: number
}

function addTo(counts: Map<string, Count>, key: string, labels: () => Count['labels']): void {
  const known = counts.get(key)
  if (known) known.count += 1
  else counts.set(key, { labels: labels(), count: 1 })
}

/** Counts the calls of one mock; no label names an account, a consumer or a token. prom-client renders the counts, but counts ten times as slowly. */
export class Metrics {
  /** By operation and HTTP status. */
  readonly requests = new Map<string, Count>()
  /** Calls with a fault, by operation and wire outcome. */
  readonly faults = new Map<string, Count>()
  /** By operation. */
  readonly durations = new Map<string, Durations>()

  /** Counts a call. */
  observe({ status, delivery, faultId, durationMs, operation: named }: CountedCall): void {
    const operation = named ?? none
    this.#countRequest(operation, String(status ?? none))
    if (faultId !== undefined)
      addTo(this.faults, `${operation} ${delivery}`, () => ({ operation, delivery }))
    if (durationMs !== undefined) this.#addDuration(operation, durationMs / 1000)
  }

  /** Counts a request that matches no operation. */
  observeUnmatched(status: number | undefined): void {
    this.#countRequest(none, String(status ?? none))
  }

  #countRequest(operation: string, status: string): void {
    addTo(this.requests, `${operation} ${status}`, () => ({ operation, status }))
  }

  #addDuration(operation: string, seconds: number): void {
    const known = this.durations.get(operation)
    const durations = known ?? { counts: [...durationBuckets, 0].fill(0), sumSeconds: 0 }
    if (known === undefined) this.durations.set(operation, durations)
    const bucket = durationBuckets.findIndex(bound => seconds <= bound)
    const place = bucket === -1 ? durationBuckets.length : bucket
    durations.counts[place] = (durations.counts[place] ?? 0) + 1
    durations.sumSeconds += seconds
  }
}

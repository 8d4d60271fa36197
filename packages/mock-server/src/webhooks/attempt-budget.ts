import { Fifo } from '../fifo.ts'
import type { Attempt } from './delivery.ts'

/** Maximum size of the headers and responses of all attempts of a mock, in bytes. */
const maxBytes = 33_554_432

/** Bytes of an attempt beside its texts. */
const attemptBytes = 512

const sizeOf = ({ headers = {}, response }: Attempt): number =>
  Object.entries(headers).reduce(
    (bytes, [name, value]) => bytes + name.length + value.length,
    attemptBytes + (response?.body.length ?? 0),
  )

interface DetailedAttempt {
  /** The attempts that it is one of. */
  readonly attempts: Attempt[]
  readonly attempt: Attempt
  readonly bytes: number
}

/** The headers and responses of the newest attempts of all accounts; older attempts have none. */
export class AttemptBudget {
  readonly #detailed = new Fifo<DetailedAttempt>()
  #bytes = 0

  /** Adds an attempt to those of its delivery. */
  add(attempts: Attempt[], attempt: Attempt): void {
    attempts.push(attempt)
    if (attempt.headers === undefined) return
    const bytes = sizeOf(attempt)
    this.#detailed.push({ attempts, attempt, bytes })
    this.#bytes += bytes
    while (this.#bytes > maxBytes && this.#detailed.length > 1) this.#evictOldest()
  }

  /** Replaces the oldest attempt: copies that were shown before stay as they are. */
  #evictOldest(): void {
    const oldest = this.#detailed.shift()
    if (oldest === undefined) return
    const { attempts, attempt, bytes } = oldest
    this.#bytes -= bytes
    const { headers: _headers, response: _response, ...others } = attempt
    attempts[attempts.indexOf(attempt)] = others
  }
}

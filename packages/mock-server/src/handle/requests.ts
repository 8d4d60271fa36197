import type { JournalEntry } from '../journal/entry.ts'
import {
  type RequestExpectation,
  RequestExpectationSchema,
  type WaitOptions,
  WaitOptionsSchema,
} from '../journal/expectation.ts'
import {
  type RequestMatch,
  RequestMatchSchema,
  type RequestQuery,
  RequestQuerySchema,
} from '../journal/request-match.ts'
import { verify } from '../journal/verify.ts'
import { waitFor } from '../journal/wait-for.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'

/** The journal of an account: its newest requests with their answers, without secrets. An unknown filter is a `TypeError`. */
export interface AccountRequests {
  /** How many requests are no longer kept. */
  readonly dropped: number
  /** The requests that are meant, newest last. @default all */
  list(query?: RequestQuery): JournalEntry[]
  /**
   * Throws an `Error` that says what does not hold, with the requests that came closest; also where requests were dropped that
   * could change the verdict.
   */
  verify(expectation: RequestExpectation): void
  /** Waits until so many requests are meant, those that came before included; rejects as `verify` throws. @default {count: 1, timeoutMs: 5000} */
  waitFor(match: RequestMatch, options?: WaitOptions): Promise<readonly JournalEntry[]>
  /** Forgets all requests. */
  clear(): void
}

/** Makes the handle on the journal of an account. */
export function createAccountRequests(
  accountId: string,
  { journals }: Pick<Services, 'journals'>,
): AccountRequests {
  const journal = journals.of(accountId)
  return {
    get dropped() {
      return journal.dropped
    },
    list: (query = {}) => journal.list(parseInput(RequestQuerySchema, query, 'query')),
    verify: expectation => {
      const verdict = verify(
        journal,
        parseInput(RequestExpectationSchema, expectation, 'expectation'),
      )
      if (!verdict.ok) throw new Error(verdict.message)
    },
    waitFor: async (match, options = {}) => {
      const wanted = parseInput(RequestMatchSchema, match, 'match')
      const waited = await waitFor(journal, wanted, parseInput(WaitOptionsSchema, options, 'wait'))
      if (!waited.ok) throw new Error(waited.message)
      return waited.requests
    },
    clear: () => {
      journal.clear()
    },
  }
}

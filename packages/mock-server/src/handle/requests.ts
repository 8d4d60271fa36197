import type { JournalEntry } from '../journal/entry.ts'
import {
  type RequestExpectation,
  RequestExpectationSchema,
  type RequestWait,
  RequestWaitSchema,
  type WaitOptions,
} from '../journal/expectation.ts'
import {
  type RequestMatch,
  type RequestQuery,
  RequestQuerySchema,
} from '../journal/request-match.ts'
import { verify, waitFor } from '../journal/verify.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'
import { resendRequest } from './resend.ts'
import { toWait } from './to-wait.ts'

/** The journal of an account: its newest requests with their responses, without secrets. Methods throw a `TypeError` for an unknown filter. */
export interface AccountRequests {
  /** The number of requests that were evicted. */
  readonly dropped: number
  /** The requests that match, newest last. @default all */
  list(query?: RequestQuery): JournalEntry[]
  /**
   * Throws an `Error` that names the unmet expectation and the closest requests; also if evicted requests could change the verdict.
   * @example
   * ```ts
   * await conversation.sendText('Hello')
   * account.requests.verify({ match: { event: 'ContentEvent' }, count: 1 })
   * ```
   */
  verify(expectation: RequestExpectation): void
  /**
   * Resolves once `count` requests match, earlier ones included; rejects at the timeout as `verify` throws.
   * @default {match: {}, count: 1, timeoutMs: 5000}
   * @example
   * ```ts
   * const waiting = account.requests.waitFor({ match: { operation: 'send' }, timeoutMs: 1000 })
   * await conversation.sendText('Hello')
   * const [request] = await waiting
   * console.log(request?.status) // 200
   * ```
   */
  waitFor(wait: RequestWait): Promise<readonly JournalEntry[]>
  /** @deprecated give one object: `{match, count, timeoutMs}` */
  waitFor(match: RequestMatch, options?: WaitOptions): Promise<readonly JournalEntry[]>
  /**
   * Sends a request of the journal to the mock once more, with new tokens for the same consumer where it had any; resolves with the new
   * entry, whose `by` is `resend`. Rejects for an unknown id, and where the journal does not have all of the request.
   * @example
   * ```ts
   * await conversation.sendText('Hello')
   * const id = account.requests.list({ operation: 'send' }).at(-1)?.id ?? 0
   * const { status, by } = await account.requests.resend(id)
   * console.log(status, by) // 200 resend
   * ```
   */
  resend(id: number): Promise<JournalEntry>
  /** Removes all requests. */
  clear(): void
}

/** The journal of the requests whose account cannot be read. */
export type MissedRequests = Pick<AccountRequests, 'dropped' | 'list' | 'clear'>

/** Creates the handle on the journal of an account; `null` is that of the requests whose account cannot be read. */
export function createAccountRequests(
  accountId: string | null,
  services: Services,
): AccountRequests {
  const { journals } = services
  const own = () => journals.of(accountId)
  return {
    get dropped() {
      return own().dropped
    },
    list: (query = {}) => own().list(parseInput(RequestQuerySchema, query, 'query')),
    verify: expectation => {
      const verdict = verify(
        own(),
        parseInput(RequestExpectationSchema, expectation, 'expectation'),
      )
      if (!verdict.ok) throw new Error(verdict.message)
    },
    waitFor: async (wait: RequestWait | RequestMatch, options?: WaitOptions) => {
      const { match, ...limits } = parseInput(RequestWaitSchema, toWait(wait, options), 'wait')
      const waited = await waitFor(own(), match, limits)
      if (!waited.ok) throw new Error(waited.message)
      return waited.requests
    },
    resend: async id => {
      const resent = await resendRequest(accountId, id, services)
      if (!resent.ok) throw new Error(resent.details)
      return resent.entry
    },
    clear: () => {
      own().clear()
    },
  }
}

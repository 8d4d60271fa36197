import type { ClientProperties, RequestLimits } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import type { Timers } from './call/deadline.ts'
import type { ConnectionOptions } from './call/dispatcher.ts'
import type { TraceContext } from './call/trace-context.ts'
import type { ClientChecks } from './checks.ts'
import type { Log } from './log.ts'

/** Options of a client; only the account and its app install are required. */
export interface ClientOptions extends ConnectionOptions {
  /** The account of the conversations. */
  accountId: string
  /** Id of the app install. Rule: EP-9. */
  clientId: string
  /** Secret of the app install; redacted in errors. Rule: EP-9. */
  clientSecret: string
  /**
   * Scheme, host and port of the Domain API, which names the hosts of all services; they are called
   * with the same scheme. Set it in production.
   * @default 'http://127.0.0.1:4020', the mock server's default
   */
  domainApiUrl?: string
  /**
   * Whether secret and tokens are sent over plain http to other hosts than loopback, private addresses and local names.
   * Rule: WH-13.
   * @default false
   */
  allowPlainHttp?: boolean
  /**
   * Timeout of a whole call in ms, including its time in the queue, token requests and retries.
   * @default 60_000
   */
  timeoutMs?: number
  /**
   * Timeout for response headers, and between two chunks of the body, in ms; undici's timers are
   * accurate to about a second.
   * @default 20_000
   */
  headersTimeoutMs?: number
  /**
   * Maximum number of retries per call; 0 disables them, except for refused AppJWTs.
   * @default 3
   */
  maxRetries?: number
  /**
   * Maximum number of queued calls per conversation; a further call rejects with `QUEUE_FULL`.
   * @default 1_000
   */
  maxWaiting?: number
  /**
   * Maximum size of a response body in bytes, including downloads; a larger body is not read on.
   * @default 16_777_216
   */
  maxResponseBytes?: number
  /** @deprecated Use `maxResponseBytes`. */
  maxAnswerBytes?: number
  /** Validation against the schema. */
  checks?: ClientChecks
  /** Request limits that differ from the documented ones. Rules: PUB-2, PUB-4, PUB-5. */
  limits?: Partial<RequestLimits>
  /**
   * `Client-Properties` header of SEND and CONVERSATION, with features such as MULTI_DIALOG, which
   * surveys require. Rules: REQ-6, UPD-3a.
   */
  clientProperties?: ClientProperties
  /** Returns the W3C trace context of the current request; a malformed one is not sent. */
  traceContext?: () => TraceContext | undefined
  /**
   * Receives a line for each phase of a call; never contains a token.
   * @default `util.debuglog('sendbox')`, enabled by NODE_DEBUG=sendbox
   */
  log?: Log
  /**
   * undici dispatcher, to share or customize connections; the connection options then have no
   * effect, and `close()` does not close it.
   * @default an own pool, closed by `close()`
   */
  dispatcher?: Dispatcher
  /**
   * Current time in ms since the epoch, for token renewal and deadlines; set it in tests.
   * @default Date.now
   */
  now?: () => number
  /**
   * Timers for retries and `timeoutMs`; set them together with `now`.
   * @default Node's timers
   */
  timers?: Timers
  /**
   * Random number in [0, 1), for the jitter of retries.
   * @default Math.random
   */
  random?: () => number
}

import type { ClientProperties, RequestLimits } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import type { Timers } from './call/deadline.ts'
import type { ConnectionOptions } from './call/dispatcher.ts'
import type { Log } from './call/observer.ts'
import type { TraceContext } from './call/trace-context.ts'
import type { ClientChecks } from './checks.ts'

/** What a client needs to know; only the account and its app install have no default. */
export interface ClientOptions extends ConnectionOptions {
  /** The account whose conversations the client takes part in. */
  accountId: string
  /** The id of the app install. Rule: EP-9. */
  clientId: string
  /** The secret of the app install; it shows in no error. Rule: EP-9. */
  clientSecret: string
  /**
   * Scheme, host and port of the Domain API, which names the hosts of all services; they are
   * called with the same scheme. Set it for production.
   *
   * @default 'http://127.0.0.1:4020', where the mock server listens
   */
  domainApiUrl?: string
  /**
   * How long a call may take, in ms, with all that it waits for: its turn, tokens, repeats.
   *
   * @default 60_000
   */
  timeoutMs?: number
  /**
   * How long an answer may take to begin, and then to go on, in ms; undici keeps it to about a
   * second.
   *
   * @default 20_000
   */
  headersTimeoutMs?: number
  /**
   * How often a call is repeated at most; 0 repeats none, refused AppJWTs aside.
   *
   * @default 3
   */
  maxRetries?: number
  /**
   * How many calls of one conversation may wait for their turn; one more is a `QUEUE_FULL` error.
   *
   * @default 1_000
   */
  maxWaiting?: number
  /**
   * How large the body of an answer may be, in bytes, a downloaded file included; the rest of a
   * larger one is not read.
   *
   * @default 16_777_216
   */
  maxAnswerBytes?: number
  /** What is checked against the schema. */
  checks?: ClientChecks
  /** Limits of requests that differ from the public material's. Rules: PUB-2, PUB-4, PUB-5. */
  limits?: Partial<RequestLimits>
  /**
   * The `Client-Properties` header of SEND and CONVERSATION; features such as MULTI_DIALOG, which a
   * survey needs. Rules: REQ-6, UPD-3a.
   *
   * @default none
   */
  clientProperties?: ClientProperties
  /**
   * Gives the W3C trace context of the call that is being made; its header fields go with it. One
   * that is malformed is left out.
   */
  traceContext?: () => TraceContext | undefined
  /**
   * Takes a line for each thing that happens to a call; none shows a token.
   *
   * @default `util.debuglog('sendbox')`, which writes where NODE_DEBUG names sendbox
   */
  log?: Log
  /**
   * undici's dispatcher, to share connections or to make them in another way; the options of
   * connections then have no effect. The client does not close one that is passed in.
   *
   * @default a pool of its own, which `close()` closes
   */
  dispatcher?: Dispatcher
  /**
   * The time in ms since the epoch, by which the AppJWT is renewed; set it to test with a clock of
   * your own.
   *
   * @default Date.now
   */
  now?: () => number
  /**
   * What waits before a repeat and ends a call after `timeoutMs`; set it together with `now`.
   *
   * @default Node's timers
   */
  timers?: Timers
  /**
   * A number from 0 up to 1, which spreads repeats.
   *
   * @default Math.random
   */
  random?: () => number
}

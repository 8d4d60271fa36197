import { createTargets, type Transport } from './call/attempt.ts'
import { CallScope, systemTimers } from './call/deadline.ts'
import { createDispatcher, toUndiciTimeout } from './call/dispatcher.ts'
import { InFlightCounter } from './call/in-flight.ts'
import { createCallObserver } from './call/observer.ts'
import type { CallOptions } from './call-options.ts'
import { requireCount, requirePositive, requireText } from './checks.ts'
import type { ClientOptions } from './client-options.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { Conversation } from './conversation/conversation.ts'
import { createConversation } from './conversation/create-conversation.ts'
import { findDefaultLog } from './log.ts'
import {
  type ClientSendRequest,
  type SendResponseByType,
  sendRequest,
} from './send/send-request.ts'
import { isConfidential, type RunShared, ServiceDirectory } from './session/domains.ts'
import { createSession } from './session/session.ts'
import { createAppJwtSource } from './session/token-sources.ts'

/** Options of a call on behalf of a consumer. */
export interface ActOptions extends CallOptions {
  /** The consumer's `ext_consumer_id`: your stable id of them. Rule: EP-13. */
  consumer: string
}

/** Client of one account; fetches and caches domains and tokens on first use. */
export interface Client {
  /**
   * Validates and sends one request; resolves with `{reqId, code: "OK", body}`, typed by the request.
   * Requests of one conversation are sent in FIFO order. Rejects with a client error. Rules: EP-1,
   * RES-1.
   * @example
   * ```ts
   * const dialogId = conversation.conversationId
   * const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' } as const
   * const request = { kind: 'req', type: 'ms.PublishEvent', body: { dialogId, event } } as const
   * const { body } = await client.send(request, { consumer: 'zoe' })
   * console.log(body.sequence) // 0
   * ```
   */
  send<Request extends ClientSendRequest>(
    request: Request,
    options: ActOptions,
  ): Promise<SendResponseByType[Request['type']]>
  /**
   * Returns a handle of a consumer, by `ext_consumer_id`; makes no request.
   * @example
   * ```ts
   * const max = client.consumer('max')
   * await max.setProfile({ firstName: 'Max' })
   * const conversation = await max.openConversation()
   * ```
   */
  consumer(extConsumerId: string): Consumer
  /**
   * Returns a handle of an existing conversation; makes no request.
   * @example
   * ```ts
   * const same = client.conversation(conversation.conversationId, { consumer: 'zoe' })
   * await same.sendText('Hello')
   * ```
   */
  conversation(conversationId: string, options: Pick<ActOptions, 'consumer'>): Conversation
  /**
   * Refuses further calls, waits for those in flight, and closes the client's own connections.
   * @example
   * ```ts
   * const sending = conversation.sendText('Goodbye')
   * await client.close()
   * console.log((await sending).sequence) // 0
   * ```
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function parseDomainApiUrl(value: string, allowPlainHttp: boolean): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isOrigin =
    (url?.protocol === 'http:' || url?.protocol === 'https:') && url.href === `${url.origin}/`
  if (url && isOrigin) {
    if (allowPlainHttp || isConfidential(url)) return url
    throw new TypeError(
      'domainApiUrl must have https: plain http would show the client secret to the network, except on loopback, private addresses and local names; allowPlainHttp: true takes it all the same',
    )
  }
  throw new TypeError(
    'domainApiUrl must be scheme, host and port, such as "http://127.0.0.1:4020", and nothing else',
  )
}

/** Header fields are ASCII; JSON can escape the rest. */
const toHeaderJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function createTransport(options: ClientOptions): Transport {
  const { accountId, now = Date.now } = options
  return {
    accountId,
    targetOf: createTargets(accountId),
    dispatcher: options.dispatcher ?? createDispatcher(options),
    now,
    timers: options.timers ?? systemTimers,
    random: options.random ?? Math.random,
    timeoutMs: requirePositive('timeoutMs', options.timeoutMs ?? 60_000),
    headersTimeoutMs: toUndiciTimeout(
      requirePositive('headersTimeoutMs', options.headersTimeoutMs ?? 20_000),
    ),
    maxRetries: requireCount('maxRetries', options.maxRetries ?? 3),
    maxResponseBytes: requirePositive(
      'maxResponseBytes',
      options.maxResponseBytes ?? options.maxAnswerBytes ?? 16_777_216,
    ),
    observer: createCallObserver({ now, log: options.log ?? findDefaultLog() }),
    traceContext: options.traceContext,
  }
}

/**
 * Creates a client; makes no request. Throws a `TypeError` or `RangeError` for an invalid option.
 * @example
 * ```ts
 * await using client = createClient({
 *   accountId: '12345678',
 *   clientId: 'sendbox-client',
 *   clientSecret: 'sendbox-secret',
 *   domainApiUrl: 'http://127.0.0.1:4020',
 * })
 * const conversation = await client.consumer('max').openConversation()
 * console.log(await conversation.sendText('Hello')) // { sequence: 0 }
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const { accountId, clientId, clientSecret, clientProperties, checks = {} } = options
  requireText('accountId', accountId)
  requireText('clientId', clientId)
  requireText('clientSecret', clientSecret)
  const { domainApiUrl = 'http://127.0.0.1:4020', allowPlainHttp = false } = options
  const domainApi = parseDomainApiUrl(domainApiUrl, allowPlainHttp)
  const transport = createTransport(options)

  const lifetime = new AbortController()
  const runShared: RunShared = async work => {
    const scope = new CallScope({ ...transport, signal: lifetime.signal })
    try {
      return await work(scope)
    } finally {
      scope.end()
    }
  }
  const directory = new ServiceDirectory(transport, runShared, { domainApi, allowPlainHttp })
  const appJwts = createAppJwtSource({ transport, directory, runShared, clientId, clientSecret })
  const inFlight = new InFlightCounter()
  const session = createSession({
    transport,
    directory,
    appJwts,
    runShared,
    inFlight,
    checks: {
      requests: checks.requests ?? 'as-service',
      responses: checks.responses ?? checks.answers ?? 'on',
    },
    limits: options.limits ?? {},
    headers:
      clientProperties === undefined ? [] : ['Client-Properties', toHeaderJson(clientProperties)],
    maxWaiting: requirePositive('maxWaiting', options.maxWaiting ?? 1_000),
  })

  const closeAll = async (): Promise<void> => {
    await inFlight.close()
    // Aborts shared fetches whose callers have left.
    lifetime.abort()
    if (options.dispatcher === undefined) await transport.dispatcher.destroy()
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= closeAll()
    return closing
  }

  return {
    async send(request, { consumer, ...callOptions }) {
      requireText('consumer', consumer)
      return sendRequest(session, request, { ...callOptions, consumer })
    },
    consumer(extConsumerId) {
      requireText('extConsumerId', extConsumerId)
      return createConsumer(session, extConsumerId)
    },
    conversation(conversationId, { consumer }) {
      requireText('conversationId', conversationId)
      requireText('consumer', consumer)
      return createConversation(session, consumer, conversationId)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

import { debuglog } from 'node:util'
import { createTargets, type Transport } from './call/attempt.ts'
import { CallScope, systemTimers } from './call/deadline.ts'
import { createDispatcher, toUndiciTimeout } from './call/dispatcher.ts'
import { createCallGate } from './call/in-flight.ts'
import { createCallObserver, type Log } from './call/observer.ts'
import type { CallOptions } from './call-options.ts'
import { requireCount, requirePositive, requireText } from './checks.ts'
import type { ClientOptions } from './client-options.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { Conversation } from './conversation/conversation.ts'
import { createConversation } from './conversation/create-conversation.ts'
import {
  type ClientSendRequest,
  type SendResponseByType,
  sendRequest,
} from './send/send-request.ts'
import { createAppJwtSource } from './session/app-jwt.ts'
import { createServiceDirectory, type RunShared } from './session/domains.ts'
import { createSession } from './session/session.ts'

/** On whose behalf a request is sent, and how. */
export interface ActOptions extends CallOptions {
  /** The `ext_consumer_id` of the consumer: your own name of them. Rule: EP-13. */
  consumer: string
}

/** A client of one account. It fetches domains and tokens when they are first needed, and keeps them. */
export interface Client {
  /**
   * Sends one request as it is given, once it is valid, and answers by its type:
   * `{reqId, code: "OK", body}`. Requests of one conversation leave one after another. Rejects with
   * a client error. Rules: EP-1, RES-1.
   */
  send<Request extends ClientSendRequest>(
    request: Request,
    options: ActOptions,
  ): Promise<SendResponseByType[Request['type']]>
  /** Gives a consumer by its `ext_consumer_id`; no call is made. */
  consumer(extConsumerId: string): Consumer
  /** Gives a conversation that exists already; no call is made. */
  conversation(conversationId: string, options: Pick<ActOptions, 'consumer'>): Conversation
  /** Lets the calls in flight end, refuses further ones, and closes the client's own connections. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function parseDomainApiUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isOrigin =
    (url?.protocol === 'http:' || url?.protocol === 'https:') && url.href === `${url.origin}/`
  if (url && isOrigin) return url
  throw new TypeError(
    'domainApiUrl must be scheme, host and port, such as "http://127.0.0.1:4020", and nothing else',
  )
}

function findDefaultLog(): Log | undefined {
  const write = debuglog('sendbox')
  return write.enabled ? line => write('%s', line) : undefined
}

/** A header field takes ASCII only, and JSON has a way to write the rest. */
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
    maxAnswerBytes: requirePositive('maxAnswerBytes', options.maxAnswerBytes ?? 16_777_216),
    observer: createCallObserver({ now, log: options.log ?? findDefaultLog() }),
    traceContext: options.traceContext,
  }
}

/** Creates a client; throws a `TypeError` or `RangeError` for an option that cannot work, and makes no call. */
export function createClient(options: ClientOptions): Client {
  const { accountId, clientId, clientSecret, clientProperties } = options
  requireText('accountId', accountId)
  requireText('clientId', clientId)
  requireText('clientSecret', clientSecret)
  const domainApi = parseDomainApiUrl(options.domainApiUrl ?? 'http://127.0.0.1:4020')
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
  const directory = createServiceDirectory(transport, runShared, domainApi)
  const appJwts = createAppJwtSource({ transport, directory, runShared, clientId, clientSecret })
  const gate = createCallGate()
  const session = createSession({
    transport,
    directory,
    appJwts,
    runShared,
    gate,
    checks: { requests: 'as-service', answers: 'on', ...options.checks },
    limits: options.limits ?? {},
    headers:
      clientProperties === undefined ? [] : ['Client-Properties', toHeaderJson(clientProperties)],
    maxWaiting: requirePositive('maxWaiting', options.maxWaiting ?? 1_000),
  })

  const closeAll = async (): Promise<void> => {
    await gate.close()
    // Ends fetches of tokens and domains whose callers have left.
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

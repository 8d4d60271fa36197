import { Agent, type Dispatcher } from 'undici'
import { createAppJwtSource } from './app-jwt-source.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { requireText } from './require-text.ts'
import { type ClientSendRequest, type SendResponseByType, sendRequest } from './send-request.ts'
import { createServiceDirectory } from './service-directory.ts'
import { createSession } from './session.ts'

/** What a client needs to know. */
export interface ClientOptions {
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
   * undici's dispatcher, to share connections, go through a proxy or trust another certificate.
   * The client does not close one that is passed in.
   *
   * @default an `Agent` of its own, which `close()` closes
   */
  dispatcher?: Dispatcher
  /**
   * The time in ms since the epoch, by which the AppJWT is renewed; set it to test with a clock
   * of your own.
   *
   * @default Date.now
   */
  now?: () => number
}

/** On whose behalf a request is sent. */
export interface ActOptions {
  /** The `ext_consumer_id` of the consumer: your own name of them. Rule: EP-13. */
  consumer: string
}

/** A client of one account. It fetches domains and tokens when they are first needed, and keeps them. */
export interface Client {
  /**
   * Sends one request as it is given, once it is valid, and answers by its type:
   * `{reqId, code: "OK", body}`. Rejects with a client error. Rules: EP-1, RES-1.
   */
  send<Request extends ClientSendRequest>(
    request: Request,
    options: ActOptions,
  ): Promise<SendResponseByType[Request['type']]>
  /** Gives a consumer by its `ext_consumer_id`; no call is made. */
  consumer(extConsumerId: string): Consumer
  /** Gives a conversation that exists already; no call is made. */
  conversation(conversationId: string, options: ActOptions): Conversation
  /** Waits for the calls in flight and closes the client's own connections. */
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

/** Creates a client; throws a `TypeError` for an option that cannot work, and makes no call. */
export function createClient(options: ClientOptions): Client {
  const { accountId, clientId, clientSecret, now = Date.now } = options
  requireText('accountId', accountId)
  requireText('clientId', clientId)
  requireText('clientSecret', clientSecret)
  const domainApi = parseDomainApiUrl(options.domainApiUrl ?? 'http://127.0.0.1:4020')

  const isOwn = options.dispatcher === undefined
  const dispatcher = options.dispatcher ?? new Agent()
  const transport = { accountId, dispatcher }
  const directory = createServiceDirectory(transport, domainApi)
  const appJwts = createAppJwtSource({ transport, directory, clientId, clientSecret, now })
  const session = createSession({ transport, directory, appJwts })

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= isOwn ? dispatcher.close() : Promise.resolve()
    return closing
  }

  return {
    async send(request, { consumer }) {
      requireText('consumer', consumer)
      return sendRequest(session, request, consumer)
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

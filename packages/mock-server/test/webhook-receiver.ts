import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { WebhookEventType } from '@sendbox/schema'
import type { PemCertificate } from '../src/tls/contexts.ts'

/** A received POST. */
interface ReceivedPost {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The response of a receiver; `hang` never responds. */
type ReceiverAnswer = number | 'hang'

/** An endpoint of a connector that records its requests, and responds as a test sets. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string
  readonly posts: readonly ReceivedPost[]
  /** The received bodies, parsed. */
  readonly bodies: readonly unknown[]
  /** The received texts, in order of arrival. */
  readonly messages: readonly string[]
  /** The response to later requests; a function is called for each. @default 200 */
  answer: ReceiverAnswer | ((post: ReceivedPost) => ReceiverAnswer | Promise<ReceiverAnswer>)
  close(): Promise<void>
}

const messageOf = (body: string): string[] => {
  const { body: notified } = JSON.parse(body) as {
    body: { changes: [{ event?: { message?: unknown } }] }
  }
  const message = notified.changes[0].event?.message
  return typeof message === 'string' ? [message] : []
}

/** Starts a receiver on a port, by default a free one; with a certificate by https. */
export async function startWebhookReceiver(
  port = 0,
  tls?: PemCertificate,
): Promise<WebhookReceiver> {
  const posts: ReceivedPost[] = []
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    const post = { path: request.url ?? '', headers: request.headers, body }
    posts.push(post)
    const { answer } = receiver
    const status = typeof answer === 'function' ? await answer(post) : answer
    if (status !== 'hang') response.writeHead(status).end()
  }
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void take(request, response)
  const server = tls ? createHttpsServer({ ...tls }, listener) : createServer(listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  const receiver: WebhookReceiver = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    get bodies() {
      return posts.map(({ body }) => JSON.parse(body) as unknown)
    },
    get messages() {
      return posts.flatMap(({ body }) => messageOf(body))
    },
    answer: 200,
    close,
    [Symbol.asyncDispose]: close,
  }
  return receiver
}

export const contentType = 'ms.MessagingEventNotification.ContentEvent'
export const changeType = 'cqm.ExConversationChangeNotification'

/** Event types that a test may omit. */
const everyType: readonly WebhookEventType[] = [
  contentType,
  'ms.MessagingEventNotification.RichContentEvent',
  'ms.MessagingEventNotification.AcceptStatusEvent',
  'ms.MessagingEventNotification.ChatStateEvent',
  changeType,
]

/** Registers one endpoint for event types. */
export const webhooksAt = (
  endpoint: string,
  {
    types = everyType,
    maxRetries,
    retentionTime,
  }: {
    readonly types?: readonly WebhookEventType[]
    readonly maxRetries?: number
    readonly retentionTime?: number
  } = {},
) => ({
  ...Object.fromEntries(
    types.map(type => [
      type,
      { endpoint, ...(maxRetries !== undefined && { max_retries: maxRetries }) },
    ]),
  ),
  ...(retentionTime !== undefined && { retry: { retention_time: retentionTime } }),
})

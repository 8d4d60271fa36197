import type { IncomingMessage, ServerResponse } from 'node:http'
import { requireText } from '../checks.ts'
import { answerFetchRequest, answerNodeRequest } from './adapters.ts'
import type { WebhookHandlerOptions } from './options.ts'
import { createWebhookReceiver, type WebhookReceiverOptions } from './receiver.ts'
import type { WebhookAnswer } from './responses.ts'
import { scheduleByTimeout } from './schedule.ts'
import type { WebhookDelivery } from './verify.ts'

/** Receives webhooks; its functions may be passed on by themselves. It never rejects for what it is sent. */
export interface WebhookHandler {
  /**
   * Listens for node:http and Express: `createServer(handler.handle)`, `app.post(path, handler.handle)`.
   * It needs the raw body: mount it before `express.json()`, or behind `express.raw({ type: '*\/*' })`.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Answers a request of a Fetch-style server whose body was not read yet. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Answers a delivery of any other server, given as header fields and raw body. */
  readonly receive: (delivery: WebhookDelivery) => Promise<WebhookAnswer>
  /** Waits until no event waits and no handler runs. */
  readonly idle: () => Promise<void>
  /**
   * Answers new events with 503 from now on, hands on those that wait without waiting longer, and waits
   * for the running handlers.
   */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const kinds: Readonly<Record<keyof WebhookHandlerOptions['on'], true>> = {
  ContentEvent: true,
  RichContentEvent: true,
  AcceptStatusEvent: true,
  ChatStateEvent: true,
  ExConversationChangeNotification: true,
}

function requireHandlers(on: object): void {
  for (const [name, handle] of Object.entries(on)) {
    if (!(name in kinds)) {
      throw new TypeError(`on.${name} is no kind of event: use ${Object.keys(kinds).join(', ')}`)
    }
    if (handle !== undefined && typeof handle !== 'function') {
      throw new TypeError(`on.${name} must be a function`)
    }
  }
}

function requireInteger(name: keyof WebhookReceiverOptions, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new RangeError(`${name} must be an integer of ${least} or more, received ${value}`)
}

const withDefaults = (options: WebhookHandlerOptions): WebhookReceiverOptions => ({
  acknowledge: 'received',
  answerWithinMs: 4500,
  reorderWithinMs: 1000,
  ifInvalid: 'refuse',
  skipConsumerEvents: false,
  algorithms: ['sha1', 'sha256'],
  maxRemembered: 10_000,
  maxPending: 1000,
  maxBodyBytes: 1_048_576,
  schedule: scheduleByTimeout,
  ...options,
})

/**
 * Creates a handler of webhooks: it checks their signature, drops duplicates, puts the events of each
 * dialog in order and hands them on by kind. Duplicates and order are known within one process, since
 * its start: what must not happen twice needs a record of your own, by conversationId, dialogId and
 * sequence. Throws a `TypeError` or `RangeError` for an option that cannot work. Rules: WH-2, WH-3,
 * WH-4, SEQ-1.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  const settled = withDefaults(options)
  if (typeof options.clientSecret !== 'function') requireText('clientSecret', options.clientSecret)
  if (typeof options.onError !== 'function') throw new TypeError('onError must be a function')
  requireHandlers(options.on)
  requireInteger('answerWithinMs', settled.answerWithinMs, 1)
  requireInteger('reorderWithinMs', settled.reorderWithinMs, 0)
  requireInteger('maxRemembered', settled.maxRemembered, 1)
  requireInteger('maxPending', settled.maxPending, 1)
  requireInteger('maxBodyBytes', settled.maxBodyBytes, 1)

  const receiver = createWebhookReceiver(settled)
  const { maxBodyBytes } = settled
  return {
    handle: (request, response) => answerNodeRequest(receiver, maxBodyBytes, request, response),
    fetch: request => answerFetchRequest(receiver, maxBodyBytes, request),
    receive: receiver.receive,
    idle: receiver.idle,
    close: receiver.close,
    [Symbol.asyncDispose]: receiver.close,
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { eventTypes, isRecord, nearestWord } from '@sendbox/schema'
import { requireText } from '../checks.ts'
import { findDefaultLog } from '../log.ts'
import { handleFetchRequest, handleNodeRequest } from './adapters.ts'
import type { WebhookHandlerOptions, WebhookHandlers } from './options.ts'
import { createWebhookReceiver, type WebhookReceiverOptions } from './receiver.ts'
import type { WebhookResponse } from './responses.ts'
import { scheduleByTimeout } from './schedule.ts'
import type { WebhookDelivery } from './verify.ts'

/** Webhook handler; its functions need no `this` and never reject because of a delivery. */
export interface WebhookHandler {
  /**
   * Listener for node:http and Express. It needs the raw body: mount it before `express.json()`, or
   * behind `express.raw({ type: '*\/*' })`.
   * @example
   * ```ts
   * import { createServer } from 'node:http'
   *
   * const server = createServer(webhooks.handle).listen(0)
   * server.close()
   * ```
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /**
   * Handler for Fetch-style servers; the request body must be unread.
   * @example
   * ```ts
   * const request = new Request('https://connector.example/webhooks', { method: 'POST' })
   * console.log((await webhooks.fetch(request)).status) // 401
   * ```
   */
  readonly fetch: (request: Request) => Promise<Response>
  /**
   * Handles a delivery of any other server.
   * @example
   * ```ts
   * const response = await webhooks.receive({ headers: {}, body: Buffer.from('{}') })
   * console.log(response.status) // 401
   * ```
   */
  readonly receive: (delivery: WebhookDelivery) => Promise<WebhookResponse>
  /** Resolves when no event waits and no handler runs. */
  readonly idle: () => Promise<void>
  /** Refuses new events with 503, releases waiting ones, and waits for the running handlers. */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const handlerNames: readonly string[] = [
  ...eventTypes,
  'ExConversationChangeNotification',
  'PrivateNote',
] satisfies (keyof WebhookHandlers)[]

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

const isNumber = (value: unknown): boolean => typeof value === 'number'

const isHash = isOneOf('sha1', 'sha256')

/** Whether a value is one that the option accepts, and that in words; numbers are checked one by one. */
const optionValues: Readonly<
  Record<keyof WebhookHandlerOptions, readonly [(value: unknown) => boolean, string]>
> = {
  clientSecret: [value => isFunction(value) || typeof value === 'string', 'a text or a function'],
  on: [isRecord, 'an object of handlers'],
  onError: [isFunction, 'a function'],
  onUnknown: [isFunction, 'a function'],
  onGap: [isFunction, 'a function'],
  onRefused: [isFunction, 'a function'],
  log: [isFunction, 'a function'],
  now: [isFunction, 'a function'],
  schedule: [isFunction, 'a function'],
  acknowledge: [isOneOf('received', 'handled'), "'received' or 'handled'"],
  ifInvalid: [isOneOf('refuse', 'drop'), "'refuse' or 'drop', and is without effect"],
  skipConsumerEvents: [isOneOf(true, false), 'a boolean'],
  algorithms: [
    value => Array.isArray(value) && value.length > 0 && value.every(isHash),
    "a list of 'sha1' and 'sha256'",
  ],
  handlerTimeoutMs: [isNumber, 'a number'],
  answerWithinMs: [isNumber, 'a number'],
  reorderWithinMs: [isNumber, 'a number'],
  maxAgeMs: [isNumber, 'a number'],
  maxRemembered: [isNumber, 'a number'],
  maxPending: [isNumber, 'a number'],
  maxBodyBytes: [isNumber, 'a number'],
}

function requireOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(optionValues, name)) {
      const names = Object.keys(optionValues)
      const nearest = nearestWord(name, names)
      const hint = nearest === undefined ? `use ${names.join(', ')}` : `did you mean "${nearest}"?`
      throw new TypeError(`${name} is no option of a webhook handler: ${hint}`)
    }
    const [isAccepted, expected] = optionValues[name as keyof WebhookHandlerOptions]
    if (value !== undefined && !isAccepted(value)) {
      throw new TypeError(`${name} must be ${expected}`)
    }
  }
}

function requireHandlers(on: object): void {
  for (const [name, handle] of Object.entries(on)) {
    if (!handlerNames.includes(name)) {
      throw new TypeError(`on.${name} is no kind of event: use ${handlerNames.join(', ')}`)
    }
    if (handle !== undefined && typeof handle !== 'function') {
      throw new TypeError(`on.${name} must be a function`)
    }
  }
}

function requireInteger(name: keyof WebhookReceiverOptions, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return
  throw new RangeError(`${name} must be an integer of ${min} or more, received ${value}`)
}

const withoutUndefined = (options: WebhookHandlerOptions): WebhookHandlerOptions => {
  const { clientSecret, on, onError } = options
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return { clientSecret, on, onError, ...Object.fromEntries(given) }
}

function withDefaults(options: WebhookHandlerOptions): WebhookReceiverOptions {
  const { answerWithinMs = 4500, ...given } = withoutUndefined(options)
  return {
    acknowledge: 'received',
    handlerTimeoutMs: answerWithinMs,
    reorderWithinMs: 1000,
    skipConsumerEvents: false,
    maxAgeMs: Infinity,
    algorithms: ['sha1', 'sha256'],
    maxRemembered: 10_000,
    maxPending: 1000,
    maxBodyBytes: 1_048_576,
    now: Date.now,
    schedule: scheduleByTimeout,
    log: findDefaultLog() ?? (() => {}),
    ...given,
  }
}

/**
 * Creates a webhook handler: verifies signatures, drops duplicates, orders the changes of each dialog
 * and calls a handler by event type, `on.PrivateNote` or `onUnknown`; none is refused for its content. Duplicates and order are tracked in memory, since the start of
 * the process: persist conversationId, dialogId and sequence for effects that must not repeat.
 * Throws a `TypeError` or `RangeError` for an invalid option. Rules: WH-2, WH-3, WH-4.3, WH-4a, SEQ-1.
 * @example
 * ```ts
 * await using webhooks = createWebhookHandler({
 *   clientSecret: 'sendbox-secret',
 *   on: {
 *     ContentEvent: ({ conversationId, event }) => console.log(conversationId, event.message),
 *   },
 *   onError: error => console.error(error),
 * })
 * ```
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  requireOptions(options)
  const settings = withDefaults(options)
  if (typeof options.clientSecret !== 'function') requireText('clientSecret', options.clientSecret)
  if (options.onError === undefined) throw new TypeError('onError must be a function')
  requireHandlers(options.on)
  requireInteger('handlerTimeoutMs', settings.handlerTimeoutMs, 1)
  requireInteger('reorderWithinMs', settings.reorderWithinMs, 0)
  if (settings.maxAgeMs !== Infinity) requireInteger('maxAgeMs', settings.maxAgeMs, 1)
  requireInteger('maxRemembered', settings.maxRemembered, 1)
  requireInteger('maxPending', settings.maxPending, 1)
  requireInteger('maxBodyBytes', settings.maxBodyBytes, 1)

  const receiver = createWebhookReceiver(settings)
  const { maxBodyBytes } = settings
  const { receive, idle, close } = receiver
  return {
    handle: (request, response) => handleNodeRequest(receiver, maxBodyBytes, request, response),
    fetch: request => handleFetchRequest(receiver, maxBodyBytes, request),
    receive,
    idle,
    close,
    [Symbol.asyncDispose]: close,
  }
}

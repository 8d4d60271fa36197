import { type EventType, isRecord } from '@sendbox/schema'
import type { Log } from '../log.ts'
import { createLruMap } from '../lru-map.ts'
import { createConversationQueues } from './conversation-queues.ts'
import { type ChangeIdentity, identifyChange } from './identity.ts'
import type { WebhookInstall } from './install.ts'
import type {
  HandleWebhook,
  WebhookContext,
  WebhookErrorContext,
  WebhookHandlerOptions,
  WebhookNotification,
} from './options.ts'
import {
  createRefusal,
  refusalResponse,
  successResponse,
  type WebhookRefusal,
  type WebhookResponse,
} from './responses.ts'
import { type RoutedChange, routeChange } from './route-change.ts'
import { withTimeout } from './schedule.ts'
import { publishUnhandled } from './unhandled.ts'
import { verifyDelivery, type WebhookDelivery } from './verify.ts'

/** Calls the handler of a change, if there is one. Rules: WH-4a, WH-6. */
function callHandler(
  { on, onUnknown, skipConsumerEvents, log }: WebhookReceiverOptions,
  routed: RoutedChange,
  type: unknown,
  context: WebhookContext,
): unknown {
  const { handler, change } = routed
  if (handler === 'onUnknown') {
    const { reason } = routed
    if (onUnknown) return onUnknown(change, { ...context, type, reason })
    publishUnhandled({ ...context, missing: 'onUnknown', type, reason, change }, log)
    return undefined
  }
  if (handler === 'ExConversationChangeNotification') return on[handler]?.(change, context)
  if (handler === 'PrivateNote') {
    if (on.PrivateNote) return on.PrivateNote(change, context)
    publishUnhandled({ ...context, missing: 'on.PrivateNote', type, change }, log)
    return undefined
  }
  if (skipConsumerEvents && change.originatorMetadata.role === 'CONSUMER') return undefined
  const handlers = on as Readonly<Partial<Record<EventType, HandleWebhook<typeof change>>>>
  return handlers[handler]?.(change, context)
}

/** Options with their defaults filled in. */
export type WebhookReceiverOptions = WebhookHandlerOptions &
  Required<
    Omit<
      WebhookHandlerOptions,
      'onGap' | 'onRefused' | 'onUnknown' | 'answerWithinMs' | 'ifInvalid'
    >
  >

/** Processes deliveries independently of the HTTP server. */
export interface WebhookReceiver {
  readonly receive: (delivery: WebhookDelivery) => Promise<WebhookResponse>
  /** Reports a refusal to `onRefused` and returns its response. */
  readonly refuse: (refusal: WebhookRefusal) => WebhookResponse
  /** Reports an error that is no delivery's to `onError`, and returns the response of a failure. */
  readonly fail: (error: unknown) => WebhookResponse
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** When a change happened, in ms since the epoch, if it says so. Rule: WH-4. */
function findTime({ body }: WebhookNotification, change: unknown): number | undefined {
  const { serverTimestamp = body.sentTs } = isRecord(change) ? change : {}
  return typeof serverTimestamp === 'number' ? serverTimestamp : undefined
}

/** A change by which duplicates are detected, with the outcome that they share. */
interface SeenChange {
  readonly version: string
  readonly outcome: Promise<boolean>
}

interface QueuedChange {
  readonly install: WebhookInstall
  readonly notification: WebhookNotification
  readonly routed: RoutedChange
  readonly identity: ChangeIdentity
}

/**
 * Calls a callback of the user, which ends no process: an error that it throws, or that its promise rejects with although nothing
 * awaits it, goes to `onError`.
 */
function runCallback(callback: () => unknown, onError: (error: unknown) => void): void {
  try {
    Promise.resolve(callback()).catch(onError)
  } catch (error) {
    onError(error)
  }
}

/** An error of the error callback or the log must not stop the other events. */
const ignore = (): void => {}

/** Verifies deliveries, deduplicates and orders their changes, and runs the handlers. */
export function createWebhookReceiver(options: WebhookReceiverOptions): WebhookReceiver {
  const { acknowledge, clientSecret, onGap, onRefused, schedule } = options
  const log: Log = line => runCallback(() => options.log(line), ignore)
  const seen = createLruMap<SeenChange>(options.maxRemembered)
  const queues = createConversationQueues({
    capacity: options.maxRemembered,
    reorderWithinMs: options.reorderWithinMs,
    schedule,
    isRedelivered: acknowledge === 'handled',
  })
  const pending = new Set<Promise<boolean>>()
  let isClosed = false

  const reportError = (error: unknown, context: WebhookErrorContext): void =>
    runCallback(() => options.onError(error, context), ignore)

  const refuse = (refusal: WebhookRefusal): WebhookResponse => {
    const { accountId = '', clientId = '' } = refusal
    runCallback(
      () => onRefused?.(refusal),
      error => reportError(error, { accountId, clientId }),
    )
    return refusalResponse(refusal)
  }

  const handle = async (
    { install, notification, routed }: QueuedChange,
    isLate: boolean,
  ): Promise<boolean> => {
    try {
      await callHandler({ ...options, log }, routed, notification.type, { ...install, isLate })
      return true
    } catch (error) {
      reportError(error, { ...install, notification, change: routed.change })
      return false
    }
  }

  // The signature does not cover the headers: with one secret for all, nothing may depend on them.
  const scopeOf = ({ accountId, clientId }: WebhookInstall): string =>
    typeof clientSecret === 'string' ? '' : JSON.stringify([accountId, clientId])

  const findOutcome = ({ install, identity }: QueuedChange): Promise<boolean> | undefined => {
    const known = seen.get(scopeOf(install) + identity.key)
    return known?.version === identity.version ? known.outcome : undefined
  }

  /** Queues a new change; resolves with whether its handler succeeded. */
  const enqueue = (queued: QueuedChange): Promise<boolean> => {
    const { install, identity } = queued
    const { conversationId, position, key, version } = identity
    let settle = (_isHandled: boolean): void => {}
    const outcome = new Promise<boolean>(resolve => {
      settle = resolve
    })
    const entry = { version, outcome }
    const scope = scopeOf(install)
    seen.set(scope + key, entry)
    pending.add(outcome)
    queues.push(scope + conversationId, {
      position,
      run: isLate => handle(queued, isLate),
      settle(isHandled) {
        if (!isHandled && acknowledge === 'handled') seen.delete(scope + key, entry)
        pending.delete(outcome)
        settle(isHandled)
      },
      onGap(missing) {
        const dialogId = position?.dialogId ?? ''
        runCallback(
          () => onGap?.({ ...install, conversationId, dialogId, missing }),
          error => reportError(error, install),
        )
      },
    })
    return outcome
  }

  const respond = async (
    install: WebhookInstall,
    outcome: Promise<boolean>,
  ): Promise<WebhookResponse> => {
    if (acknowledge === 'received') return successResponse('received')
    const isHandled = await withTimeout(outcome, options.handlerTimeoutMs, schedule)
    if (isHandled) return successResponse('handled')
    return refuse(createRefusal(isHandled === undefined ? 'unfinished' : 'failed', install))
  }

  const idle = async (): Promise<void> => {
    while (pending.size > 0) await Promise.all(pending)
  }

  const fail = (error: unknown): WebhookResponse => {
    reportError(error, { accountId: '', clientId: '' })
    return refuse(createRefusal('failed'))
  }

  const process = async (delivery: WebhookDelivery): Promise<WebhookResponse> => {
    const verified = await verifyDelivery(delivery, { ...options, onError: reportError })
    if (!verified.ok) return refuse(verified.refusal)
    const { install, notification } = verified.value
    const { changes } = notification.body
    if (changes.length > options.maxPending) return refuse(createRefusal('too-many', install))
    const isTooOld = (change: unknown): boolean =>
      options.now() - (findTime(notification, change) ?? Infinity) > options.maxAgeMs
    const queued = changes.flatMap((change, index) => {
      if (isTooOld(change)) {
        refuse(createRefusal('too-old', install))
        return []
      }
      const routed = routeChange(notification.type, change)
      const { body } = delivery
      const received = { type: notification.type, change, index, body }
      return [{ install, notification, routed, identity: identifyChange(received, routed) }]
    })
    const fresh = queued.filter(change => findOutcome(change) === undefined)
    if (isClosed && fresh.length > 0) return refuse(createRefusal('closed', install))
    if (fresh.length > 0 && pending.size + fresh.length > options.maxPending)
      return refuse(createRefusal('overloaded', install))
    const outcomes = queued.map(change => findOutcome(change) ?? enqueue(change))
    return respond(
      install,
      Promise.all(outcomes).then(all => all.every(isHandled => isHandled)),
    )
  }

  return {
    refuse,
    fail,
    idle,
    receive: delivery => process(delivery).catch(fail),
    async close() {
      isClosed = true
      queues.flush()
      await idle()
    },
  }
}

import {
  conversationChangeType,
  type MessagingEventChange,
  messagingEventType,
  type Notification,
} from '@sendbox/schema'
import { createLruMap } from '../lru-map.ts'
import { createConversationQueues } from './conversation-queues.ts'
import { identifyNotification, type WebhookIdentity } from './identity.ts'
import type { WebhookInstall } from './install.ts'
import type {
  HandleWebhook,
  WebhookContext,
  WebhookErrorContext,
  WebhookHandlerOptions,
} from './options.ts'
import {
  createRefusal,
  refusalResponse,
  successResponse,
  type WebhookRefusal,
  type WebhookResponse,
} from './responses.ts'
import { withTimeout } from './schedule.ts'
import { verifyDelivery, type WebhookDelivery } from './verify.ts'

/** Calls the handler of the notification's type, if any. Rule: WH-6. */
function callHandler(
  { on, skipConsumerEvents }: Pick<WebhookReceiverOptions, 'on' | 'skipConsumerEvents'>,
  notification: Notification,
  context: WebhookContext,
): unknown {
  if (notification.type === conversationChangeType) {
    const [state] = notification.body.changes
    if (state?.type !== 'UPSERT') return undefined
    return on.ExConversationChangeNotification?.(state, context)
  }
  if (notification.type !== messagingEventType) return undefined
  const [change] = notification.body.changes
  if (!change) return undefined
  if (skipConsumerEvents && change.originatorMetadata.role === 'CONSUMER') return undefined
  const handlers = on as Readonly<Partial<Record<string, HandleWebhook<MessagingEventChange>>>>
  return handlers[change.event.type]?.(change, context)
}

/** Options with their defaults filled in. */
export type WebhookReceiverOptions = WebhookHandlerOptions &
  Required<Omit<WebhookHandlerOptions, 'onGap' | 'onRefused' | 'answerWithinMs'>>

/** Processes deliveries independently of the HTTP server. */
export interface WebhookReceiver {
  readonly receive: (delivery: WebhookDelivery) => Promise<WebhookResponse>
  /** Reports a refusal to `onRefused` and returns its response. */
  readonly refuse: (refusal: WebhookRefusal) => WebhookResponse
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A notification by which duplicates are detected, with the outcome that they share. */
interface SeenNotification {
  readonly version: string
  readonly outcome: Promise<boolean>
}

/** Verifies and deduplicates deliveries, orders events and runs their handlers. */
export function createWebhookReceiver(options: WebhookReceiverOptions): WebhookReceiver {
  const { acknowledge, clientSecret, onGap, onRefused, schedule } = options
  const seen = createLruMap<SeenNotification>(options.maxRemembered)
  const queues = createConversationQueues({
    capacity: options.maxRemembered,
    reorderWithinMs: options.reorderWithinMs,
    schedule,
    isRedelivered: acknowledge === 'handled',
  })
  const pending = new Set<Promise<boolean>>()
  let isClosed = false

  const reportError = (error: unknown, context: WebhookErrorContext): void => {
    try {
      options.onError(error, context)
    } catch {
      // An error of the error callback must not stop the other events.
    }
  }

  const runCallback = (
    callback: () => void,
    { accountId = '', clientId = '' }: Partial<WebhookInstall>,
  ): void => {
    try {
      callback()
    } catch (error) {
      reportError(error, { accountId, clientId })
    }
  }

  const refuse = (refusal: WebhookRefusal): WebhookResponse => {
    runCallback(() => onRefused?.(refusal), refusal)
    return refusalResponse(refusal)
  }

  const handle = async (
    install: WebhookInstall,
    notification: Notification,
    isLate: boolean,
  ): Promise<boolean> => {
    try {
      await callHandler(options, notification, { ...install, isLate })
      return true
    } catch (error) {
      reportError(error, { ...install, notification })
      return false
    }
  }

  // The signature does not cover the headers: with one secret for all, nothing may depend on them.
  const scopeOf = ({ accountId, clientId }: WebhookInstall): string =>
    typeof clientSecret === 'string' ? '' : JSON.stringify([accountId, clientId])

  /** Queues a new notification; resolves with whether its handler succeeded. */
  const enqueue = (
    install: WebhookInstall,
    notification: Notification,
    { conversationId, position, key, version }: WebhookIdentity,
  ): Promise<boolean> => {
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
      run: isLate => handle(install, notification, isLate),
      settle(isHandled) {
        if (!isHandled && acknowledge === 'handled') seen.delete(scope + key, entry)
        pending.delete(outcome)
        settle(isHandled)
      },
      onGap(missing) {
        const dialogId = position?.dialogId ?? ''
        runCallback(() => onGap?.({ ...install, conversationId, dialogId, missing }), install)
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

  return {
    refuse,
    idle,
    async receive(delivery) {
      const verified = await verifyDelivery(delivery, { ...options, onError: reportError })
      if (!verified.ok) {
        const { refusal } = verified
        if (refusal.reason !== 'invalid' || options.ifInvalid === 'refuse') return refuse(refusal)
        refuse({ ...refusal, status: 200 })
        return successResponse('dropped')
      }
      const { install, notification } = verified.value
      const identity = identifyNotification(notification, delivery.body)
      const known = seen.get(scopeOf(install) + identity.key)
      if (known?.version === identity.version) return respond(install, known.outcome)
      if (isClosed) return refuse(createRefusal('closed', install))
      if (pending.size >= options.maxPending) return refuse(createRefusal('overloaded', install))
      return respond(install, enqueue(install, notification, identity))
    },
    async close() {
      isClosed = true
      queues.flush()
      await idle()
    },
  }
}

import type { MessagingEventChange, Notification } from '@sendbox/schema'
import { createWebhookLines } from './conversation-queues.ts'
import { identifyNotification, type WebhookIdentity } from './identity.ts'
import { createLruMap } from './lru-map.ts'
import type {
  HandleWebhook,
  WebhookContext,
  WebhookErrorContext,
  WebhookHandlerOptions,
  WebhookInstall,
} from './options.ts'
import {
  answerRefusal,
  answerSuccess,
  createRefusal,
  type WebhookAnswer,
  type WebhookRefusal,
} from './responses.ts'
import { withinTime } from './schedule.ts'
import { checkWebhook, type WebhookDelivery } from './verify.ts'

/** Hands a notification to the handler of its kind, where there is one. Rule: WH-6. */
function callHandler(
  { on, skipConsumerEvents }: Pick<Required<WebhookHandlerOptions>, 'on' | 'skipConsumerEvents'>,
  notification: Notification,
  context: WebhookContext,
): unknown {
  if (notification.type === 'cqm.ExConversationChangeNotification') {
    return on.ExConversationChangeNotification?.(notification.body.changes[0], context)
  }
  const change = notification.body.changes[0]
  if (skipConsumerEvents && change.originatorMetadata.role === 'CONSUMER') return undefined
  const handlers = on as Readonly<
    Partial<Record<typeof change.event.type, HandleWebhook<MessagingEventChange>>>
  >
  return handlers[change.event.type]?.(change, context)
}

/** The options of a webhook handler with their defaults filled in. */
export type WebhookReceiverOptions = Required<Omit<WebhookHandlerOptions, 'onGap' | 'onRefused'>> &
  Pick<WebhookHandlerOptions, 'onGap' | 'onRefused'>

/** Takes deliveries, whichever way they came. */
export interface WebhookReceiver {
  readonly receive: (delivery: WebhookDelivery) => Promise<WebhookAnswer>
  /** Tells of a refusal and answers it. */
  readonly refuse: (refusal: WebhookRefusal) => WebhookAnswer
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What is remembered of a notification, so that its duplicates are known and get its outcome. */
interface Remembered {
  readonly version: string
  readonly outcome: Promise<boolean>
}

/** Checks deliveries, drops duplicates, puts events in order and runs the handlers. */
export function createWebhookReceiver(options: WebhookReceiverOptions): WebhookReceiver {
  const { acknowledge, clientSecret, onGap, onRefused, schedule } = options
  const remembered = createLruMap<Remembered>(options.maxRemembered)
  const lines = createWebhookLines({
    capacity: options.maxRemembered,
    reorderWithinMs: options.reorderWithinMs,
    schedule,
    isRepeated: acknowledge === 'handled',
  })
  const pending = new Set<Promise<boolean>>()
  let isClosed = false

  const reportError = (error: unknown, context: WebhookErrorContext): void => {
    try {
      options.onError(error, context)
    } catch {
      // There is nobody left to tell, and the other events must go on.
    }
  }

  const tell = (notice: () => void, { accountId = '', clientId = '' }: Partial<WebhookInstall>) => {
    try {
      notice()
    } catch (error) {
      reportError(error, { accountId, clientId })
    }
  }

  const refuse = (refusal: WebhookRefusal): WebhookAnswer => {
    tell(() => onRefused?.(refusal), refusal)
    return answerRefusal(refusal)
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

  // With one secret for all, the headers are not proven, and nothing may depend on them.
  const scopeOf = ({ accountId, clientId }: WebhookInstall): string =>
    typeof clientSecret === 'string' ? '' : JSON.stringify([accountId, clientId])

  /** Takes a notification that is no duplicate, and gives whether its handler will have succeeded. */
  const take = (
    install: WebhookInstall,
    notification: Notification,
    { conversationId, place, key, version }: WebhookIdentity,
  ): Promise<boolean> => {
    let settle = (_isHandled: boolean): void => {}
    const outcome = new Promise<boolean>(resolve => {
      settle = resolve
    })
    const entry = { version, outcome }
    const scope = scopeOf(install)
    remembered.set(scope + key, entry)
    pending.add(outcome)
    lines.push(scope + conversationId, {
      place,
      run: isLate => handle(install, notification, isLate),
      settle(isHandled) {
        if (!isHandled && acknowledge === 'handled') remembered.forget(scope + key, entry)
        pending.delete(outcome)
        settle(isHandled)
      },
      onGap(missing) {
        const dialogId = place?.dialogId ?? ''
        tell(() => onGap?.({ ...install, conversationId, dialogId, missing }), install)
      },
    })
    return outcome
  }

  const answerOutcome = async (
    install: WebhookInstall,
    outcome: Promise<boolean>,
  ): Promise<WebhookAnswer> => {
    if (acknowledge === 'received') return answerSuccess('received')
    const isHandled = await withinTime(outcome, options.answerWithinMs, schedule)
    if (isHandled) return answerSuccess('handled')
    return refuse(createRefusal(isHandled === undefined ? 'unfinished' : 'failed', install))
  }

  const idle = async (): Promise<void> => {
    while (pending.size > 0) await Promise.all(pending)
  }

  return {
    refuse,
    idle,
    async receive(delivery) {
      const check = await checkWebhook(delivery, { ...options, onError: reportError })
      if (!check.ok) {
        const { refusal } = check
        if (refusal.reason !== 'invalid' || options.ifInvalid === 'refuse') return refuse(refusal)
        refuse({ ...refusal, status: 200 })
        return answerSuccess('dropped')
      }
      const { install, notification } = check
      const identity = identifyNotification(notification, delivery.body)
      const known = remembered.get(scopeOf(install) + identity.key)
      if (known?.version === identity.version) return answerOutcome(install, known.outcome)
      if (isClosed) return refuse(createRefusal('closed', install))
      if (pending.size >= options.maxPending) return refuse(createRefusal('overloaded', install))
      return answerOutcome(install, take(install, notification, identity))
    },
    async close() {
      isClosed = true
      lines.flush()
      await idle()
    },
  }
}

import type { MessagingEventChange, Notification } from '@sendbox/schema'
import type { HandleWebhook, WebhookContext, WebhookHandlerOptions } from './webhook-options.ts'

/** Hands a notification to the handler of its kind, where there is one. Rule: WH-6. */
export function callHandler(
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

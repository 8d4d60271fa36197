import * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { SentConversationChangeNotificationSchema } from './conversation-change.ts'
import { SentEventNotificationSchema } from './messaging-event.ts'

/** The body of a webhook as the mock sends it, discriminated by `type`. Rule: WH-4. */
export const SentNotificationSchema = z
  .discriminatedUnion('type', [
    SentEventNotificationSchema,
    SentConversationChangeNotificationSchema,
  ])
  .register(schemaRules, { rule: 'WH-4.1' })
export type SentNotification = z.infer<typeof SentNotificationSchema>

/** The body of a webhook, discriminated by `type`; of a type that is not known, the changes may be anything. Rule: WH-4. */
export const NotificationSchema = toReceived(SentNotificationSchema, {
  kind: z.string(),
  body: z.looseObject({ changes: z.array(z.unknown()) }),
})
export type Notification = z.infer<typeof NotificationSchema>

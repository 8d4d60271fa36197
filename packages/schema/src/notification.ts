import * as z from 'zod'
import { ExConversationChangeNotificationSchema } from './ex-conversation-change-notification.ts'
import { MessagingEventNotificationSchema } from './messaging-event-notification.ts'
import { schemaRules } from './schema-rules.ts'

/** The body of a webhook, told apart by `type`. Rule: WH-4. */
export const NotificationSchema = z
  .discriminatedUnion('type', [
    MessagingEventNotificationSchema,
    ExConversationChangeNotificationSchema,
  ])
  .register(schemaRules, { rule: 'WH-4.1' })
export type Notification = z.infer<typeof NotificationSchema>

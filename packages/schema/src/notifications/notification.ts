import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { ExConversationChangeNotificationSchema } from './conversation-change.ts'
import { MessagingEventNotificationSchema } from './messaging-event.ts'

/** The body of a webhook, discriminated by `type`. Rule: WH-4. */
export const NotificationSchema = z
  .discriminatedUnion('type', [
    MessagingEventNotificationSchema,
    ExConversationChangeNotificationSchema,
  ])
  .register(schemaRules, { rule: 'WH-4.1' })
export type Notification = z.infer<typeof NotificationSchema>

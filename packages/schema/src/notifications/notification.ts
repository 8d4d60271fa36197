import * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { SentNotificationSchema } from './sent.ts'

/** The body of a webhook, discriminated by `type`; of a type that is not known, the changes may be anything. Rule: WH-4. */
export const NotificationSchema = toReceived(SentNotificationSchema, {
  kind: z.string(),
  body: z.looseObject({ changes: z.array(z.unknown()) }),
})
export type Notification = z.infer<typeof NotificationSchema>

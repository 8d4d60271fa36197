import * as z from 'zod'
import { SequenceSchema } from '../events/accept-status.ts'
import { messagingEventType } from '../events/event-types.ts'
import { SentParticipantSchema } from '../primitives/participant.ts'
import { toReceived, withReceivedForm } from '../primitives/received.ts'
import { MetadataSchema } from '../requests/metadata.ts'
import { SentNotifiedEventSchema } from './notified-event.ts'

/** One event of a conversation as the mock sends it; the form of 2018 has no `conversationId`. Rules: WH-4, WH-4a. */
const SentEventChangeSchema = z.strictObject({
  sequence: SequenceSchema.optional(),
  originatorId: z.string(),
  originatorMetadata: SentParticipantSchema,
  serverTimestamp: z.int().optional(),
  event: SentNotifiedEventSchema,
  conversationId: z.string().optional(),
  dialogId: z.string(),
  metadata: z
    .array(withReceivedForm(MetadataSchema, z.looseObject({ type: z.string() })))
    .optional(),
  messageAudience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).optional(),
})
export type SentEventChange = z.infer<typeof SentEventChangeSchema>

/**
 * One event of a conversation; a chat state has no sequence and no timestamp. `serverTimestamp` is in ms; `conversationId` is
 * absent in the form of 2018. Rules: WH-4, WH-4a, SEQ-4.
 */
export const MessagingEventChangeSchema = toReceived(SentEventChangeSchema)
export type MessagingEventChange = z.infer<typeof MessagingEventChangeSchema>

/** The notification of one event as the mock sends it. Rule: WH-4. */
export const SentEventNotificationSchema = z.strictObject({
  kind: z.enum(['notification']),
  body: z.strictObject({ changes: z.array(SentEventChangeSchema) }),
  type: z.literal(messagingEventType),
})
export type SentEventNotification = z.infer<typeof SentEventNotificationSchema>

/** The notification of events. Rule: WH-4. */
export const MessagingEventNotificationSchema = toReceived(SentEventNotificationSchema)
export type MessagingEventNotification = z.infer<typeof MessagingEventNotificationSchema>

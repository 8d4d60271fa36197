import * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import {
  SentConversationChangeNotificationSchema,
  SentConversationChangeSchema,
  SentConversationDetailsSchema,
  SentDialogSchema,
  SentEventChangeSchema,
  SentEventNotificationSchema,
  SentNotificationSchema,
  SentNotifiedEventSchema,
  SentParticipantSchema,
} from './sent.ts'

/** A participant of a conversation. Rule: WH-4. */
export const ParticipantSchema = toReceived(SentParticipantSchema)
export type Participant = z.infer<typeof ParticipantSchema>

/** The event of a notification; events and contents of a type that is not known are accepted. Rule: WH-4. */
export const NotifiedEventSchema = toReceived(SentNotifiedEventSchema)
export type NotifiedEvent = z.infer<typeof NotifiedEventSchema>

/**
 * One event of a conversation; a chat state has no sequence and no timestamp. `serverTimestamp` is in ms; `conversationId` is
 * absent in the form of 2018. Rules: WH-4, WH-4a, SEQ-4.
 */
export const MessagingEventChangeSchema = toReceived(SentEventChangeSchema)
export type MessagingEventChange = z.infer<typeof MessagingEventChangeSchema>

/** The notification of events. Rule: WH-4. */
export const MessagingEventNotificationSchema = toReceived(SentEventNotificationSchema)
export type MessagingEventNotification = z.infer<typeof MessagingEventNotificationSchema>

/** A dialog of the conversation; times are in ms since the epoch. Rule: WH-4. */
export const NotifiedDialogSchema = toReceived(SentDialogSchema)
export type NotifiedDialog = z.infer<typeof NotifiedDialogSchema>

/**
 * The whole conversation; times are in ms since the epoch, `ttr.value` is in seconds. `skillId`, `dialogs` and `stage` are
 * absent in the form of 2018. Rule: WH-4.
 */
export const ConversationDetailsSchema = toReceived(SentConversationDetailsSchema)
export type ConversationDetails = z.infer<typeof ConversationDetailsSchema>

/**
 * A changed conversation; `effectiveTTR` is in ms since the epoch, −1 while no answer is due, and absent in the form of 2018.
 * Rules: WH-4, WH-8.
 */
export const ExConversationChangeSchema = toReceived(SentConversationChangeSchema)
export type ExConversationChange = z.infer<typeof ExConversationChangeSchema>

/** The notification of a changed conversation: its whole state; `sentTs` is in ms since the epoch. Rules: WH-4, WH-7. */
export const ExConversationChangeNotificationSchema = toReceived(
  SentConversationChangeNotificationSchema,
)
export type ExConversationChangeNotification = z.infer<
  typeof ExConversationChangeNotificationSchema
>

/** The body of a webhook, discriminated by `type`; of a type that is not known, the changes may be anything. Rule: WH-4. */
export const NotificationSchema = toReceived(SentNotificationSchema, {
  kind: z.string(),
  body: z.looseObject({ changes: z.array(z.unknown()) }),
})
export type Notification = z.infer<typeof NotificationSchema>

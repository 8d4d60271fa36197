import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import {
  SentEventChangeSchema,
  SentEventNotificationSchema,
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

import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import {
  SentConversationChangeNotificationSchema,
  SentConversationChangeSchema,
  SentConversationDetailsSchema,
  SentDialogSchema,
} from './sent.ts'

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

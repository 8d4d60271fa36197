import * as z from 'zod'
import { conversationChangeType } from '../events/event-types.ts'
import { ParticipantSchema } from '../primitives/participant.ts'

const LifecycleSchema = z.enum(['OPEN', 'CLOSE'])

/** A dialog of the conversation; times are in ms since the epoch. Rule: WH-4. */
export const NotifiedDialogSchema = z.strictObject({
  dialogId: z.string(),
  participantsDetails: z.array(ParticipantSchema),
  dialogType: z.enum(['MAIN', 'POST_SURVEY']),
  channelType: z.literal('MESSAGING'),
  metaData: z.strictObject({ appInstallId: z.string() }).optional(),
  state: LifecycleSchema,
  creationTs: z.int(),
  endTs: z.int().optional(),
  metaDataLastUpdateTs: z.int(),
  closedBy: z.enum(['CONSUMER', 'AGENT']).optional(),
  closedCause: z.string().optional(),
})
export type NotifiedDialog = z.infer<typeof NotifiedDialogSchema>

/** The whole conversation; times are in ms since the epoch, `ttr.value` is in seconds. Rule: WH-4. */
export const ConversationDetailsSchema = z.strictObject({
  skillId: z.string(),
  participants: z.array(ParticipantSchema),
  dialogs: z.array(NotifiedDialogSchema),
  brandId: z.string(),
  state: LifecycleSchema,
  stage: LifecycleSchema,
  closeReason: z.enum(['CONSUMER', 'AGENT', 'TIMEOUT']).optional(),
  startTs: z.int(),
  endTs: z.int().optional(),
  metaDataLastUpdateTs: z.int(),
  ttr: z.strictObject({ ttrType: z.string(), value: z.number() }),
})
export type ConversationDetails = z.infer<typeof ConversationDetailsSchema>

/** A changed conversation; `effectiveTTR` is in ms since the epoch, −1 once it is closed. Rules: WH-4, WH-8. */
export const ExConversationChangeSchema = z.strictObject({
  type: z.literal('UPSERT'),
  result: z.strictObject({
    convId: z.string(),
    effectiveTTR: z.number(),
    conversationDetails: ConversationDetailsSchema,
  }),
})
export type ExConversationChange = z.infer<typeof ExConversationChangeSchema>

/** The notification of a changed conversation: its whole state. Rules: WH-4, WH-7. */
export const ExConversationChangeNotificationSchema = z.strictObject({
  kind: z.literal('notification'),
  body: z.strictObject({ changes: z.tuple([ExConversationChangeSchema]) }),
  type: z.literal(conversationChangeType),
})
export type ExConversationChangeNotification = z.infer<
  typeof ExConversationChangeNotificationSchema
>

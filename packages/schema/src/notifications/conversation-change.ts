import * as z from 'zod'
import { conversationChangeType } from '../events/event-types.ts'
import { SentParticipantSchema } from '../primitives/participant.ts'
import { toReceived } from '../primitives/received.ts'

const LifecycleSchema = z.enum(['OPEN', 'CLOSE'])

/** A dialog as the mock sends it. */
const SentDialogSchema = z.strictObject({
  dialogId: z.string(),
  participantsDetails: z.array(
    z.strictObject({ ...SentParticipantSchema.shape, state: z.enum(['ACTIVE']).optional() }),
  ),
  dialogType: z.enum(['MAIN', 'POST_SURVEY', 'CoBrowse']),
  channelType: z.enum(['MESSAGING', 'COBROWSE']),
  metaData: z.strictObject({ appInstallId: z.string() }).optional(),
  state: LifecycleSchema,
  creationTs: z.int(),
  endTs: z.int().optional(),
  metaDataLastUpdateTs: z.int(),
  closedBy: z.enum(['CONSUMER', 'AGENT']).optional(),
  closedCause: z.string().optional(),
})
export type SentDialog = z.infer<typeof SentDialogSchema>

/** A dialog of the conversation; times are in ms since the epoch. Rule: WH-4. */
export const NotifiedDialogSchema = toReceived(SentDialogSchema)
export type NotifiedDialog = z.infer<typeof NotifiedDialogSchema>

/** A conversation as the mock sends it; the form of 2018 has no `skillId`, `dialogs` and `stage`. Rule: WH-4. */
const SentConversationDetailsSchema = z.strictObject({
  skillId: z.string().optional(),
  participants: z.array(SentParticipantSchema),
  dialogs: z.array(SentDialogSchema).optional(),
  brandId: z.string(),
  state: LifecycleSchema,
  stage: LifecycleSchema.optional(),
  closeReason: z.enum(['CONSUMER', 'AGENT', 'TIMEOUT']).optional(),
  startTs: z.int(),
  endTs: z.int().optional(),
  metaDataLastUpdateTs: z.int(),
  ttr: z.strictObject({ ttrType: z.string(), value: z.number() }),
  conversationHandlerDetails: z
    .strictObject({ accountId: z.string(), skillId: z.string() })
    .optional(),
})
export type SentConversationDetails = z.infer<typeof SentConversationDetailsSchema>

/**
 * The whole conversation; times are in ms since the epoch, `ttr.value` is in seconds. `skillId`, `dialogs` and `stage` are
 * absent in the form of 2018. Rule: WH-4.
 */
export const ConversationDetailsSchema = toReceived(SentConversationDetailsSchema)
export type ConversationDetails = z.infer<typeof ConversationDetailsSchema>

/** A changed conversation as the mock sends it; the form of 2018 has no `effectiveTTR`. Rules: WH-4, WH-8. */
const SentConversationChangeSchema = z.strictObject({
  type: z.literal('UPSERT'),
  result: z.strictObject({
    convId: z.string(),
    effectiveTTR: z.number().optional(),
    conversationDetails: SentConversationDetailsSchema,
  }),
})

/**
 * A changed conversation; `effectiveTTR` is in ms since the epoch, −1 while no answer is due, and absent in the form of 2018.
 * Rules: WH-4, WH-8.
 */
export const ExConversationChangeSchema = toReceived(SentConversationChangeSchema)
export type ExConversationChange = z.infer<typeof ExConversationChangeSchema>

/** The notification of a changed conversation as the mock sends it; the form of 2018 has no `sentTs`. Rules: WH-4, WH-7. */
export const SentConversationChangeNotificationSchema = z.strictObject({
  kind: z.enum(['notification']),
  body: z.strictObject({
    sentTs: z.int().optional(),
    changes: z.array(z.discriminatedUnion('type', [SentConversationChangeSchema])),
  }),
  type: z.literal(conversationChangeType),
})
export type SentConversationChangeNotification = z.infer<
  typeof SentConversationChangeNotificationSchema
>

/** The notification of a changed conversation: its whole state; `sentTs` is in ms since the epoch. Rules: WH-4, WH-7. */
export const ExConversationChangeNotificationSchema = toReceived(
  SentConversationChangeNotificationSchema,
)
export type ExConversationChangeNotification = z.infer<
  typeof ExConversationChangeNotificationSchema
>

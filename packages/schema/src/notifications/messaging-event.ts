import * as z from 'zod'
import { AcceptStatusSchema, SequenceSchema } from '../events/accept-status.ts'
import { ChatStateSchema } from '../events/chat-state.ts'
import { eventOptions, messagingEventType } from '../events/event-types.ts'
import { ParticipantSchema } from '../primitives/participant.ts'
import { MetadataSchema } from '../requests/metadata.ts'

const TextSchema = z.strictObject({
  type: z.literal('ContentEvent'),
  message: z.string(),
  contentType: z.literal('text/plain'),
  quickReplies: z.looseObject({}).optional(),
})

const FileSchema = z.strictObject({
  type: z.literal('ContentEvent'),
  message: z.strictObject({
    caption: z.string().optional(),
    relativePath: z.string(),
    fileType: z.string(),
    preview: z.string().optional(),
  }),
  contentType: z.literal('hosted/file'),
})

/** The event of a notification, with its fields in the order of the wire. Rule: WH-4. */
export const NotifiedEventSchema = z.discriminatedUnion(
  'type',
  eventOptions({
    ContentEvent: z.discriminatedUnion('contentType', [TextSchema, FileSchema]),
    RichContentEvent: z.strictObject({
      type: z.literal('RichContentEvent'),
      content: z.looseObject({}),
    }),
    ChatStateEvent: z.strictObject({
      type: z.literal('ChatStateEvent'),
      chatState: ChatStateSchema,
    }),
    AcceptStatusEvent: z.strictObject({
      type: z.literal('AcceptStatusEvent'),
      status: AcceptStatusSchema,
      sequenceList: z.array(SequenceSchema),
    }),
  }),
)
export type NotifiedEvent = z.infer<typeof NotifiedEventSchema>

/** One event of a conversation; a chat state has no sequence and no timestamp. `serverTimestamp` is in ms. Rules: WH-4, WH-4a, SEQ-4. */
export const MessagingEventChangeSchema = z.strictObject({
  sequence: SequenceSchema.optional(),
  originatorId: z.string(),
  originatorMetadata: ParticipantSchema,
  serverTimestamp: z.int().optional(),
  event: NotifiedEventSchema,
  conversationId: z.string(),
  dialogId: z.string(),
  metadata: z.array(MetadataSchema).optional(),
  messageAudience: z.literal('ALL').optional(),
})
export type MessagingEventChange = z.infer<typeof MessagingEventChangeSchema>

/** The notification of one event. Rule: WH-4. */
export const MessagingEventNotificationSchema = z.strictObject({
  kind: z.literal('notification'),
  body: z.strictObject({ changes: z.tuple([MessagingEventChangeSchema]) }),
  type: z.literal(messagingEventType),
})
export type MessagingEventNotification = z.infer<typeof MessagingEventNotificationSchema>

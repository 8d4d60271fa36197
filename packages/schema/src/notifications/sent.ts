import * as z from 'zod'
import { AcceptStatusSchema, SequenceSchema } from '../events/accept-status.ts'
import { ChatStateSchema } from '../events/chat-state.ts'
import { conversationChangeType, eventOptions, messagingEventType } from '../events/event-types.ts'
import { ParticipantRoleSchema } from '../primitives/participant.ts'
import { withReceivedForm } from '../primitives/received.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { MetadataSchema } from '../requests/metadata.ts'

/** A participant as the mock sends it. Rule: WH-4. */
export const SentParticipantSchema = z.strictObject({
  id: z.string(),
  role: ParticipantRoleSchema,
})
export type SentParticipant = z.infer<typeof SentParticipantSchema>

const type = z.literal('ContentEvent')

const quickReplies = z.looseObject({}).optional()

const TextSchema = z.strictObject({
  type,
  message: z.string(),
  contentType: z.literal('text/plain'),
  quickReplies,
})

const HostedFileSchema = z.strictObject({
  type,
  message: z.strictObject({
    caption: z.string().optional(),
    relativePath: z.string(),
    fileType: z.string(),
    preview: z.string().optional(),
  }),
  contentType: z.literal('hosted/file'),
  quickReplies,
})

/** The public material has this kind of content without the name of its content type. Rule: PUB-2a. */
const ExternalFileSchema = z.strictObject({
  type,
  message: z.strictObject({ url: z.string(), fileType: z.string() }),
  contentType: z.literal('external/file'),
  quickReplies,
})

const form = { formId: z.string(), title: z.string(), invitationId: z.string() }

const SecureInvitationSchema = z.strictObject({
  type,
  message: z.strictObject(form),
  contentType: z.literal('forms/secure-invitation'),
})

const SecureSubmissionSchema = z.strictObject({
  type,
  message: z.strictObject({ ...form, submissionId: z.string().optional() }),
  contentType: z.literal('forms/secure-submission'),
})

const cardType = z.literal('RichContentEvent')

const content = z.looseObject({}).register(schemaRules, { rule: 'PUB-9', open: true })

const present = { type: 'object' } as const

/** The element in `content`, or in `message` as an older schema has it; it parses to `content`. Rule: PUB-9. */
const ReceivedCardSchema = z
  .looseObject({
    type: cardType,
    content: content.nullish(),
    message: content.nullish(),
    quickReplies: z.looseObject({}).nullish(),
  })
  .refine(card => Boolean(card.content ?? card.message))
  .meta({
    anyOf: [
      { properties: { content: present }, required: ['content'] },
      { properties: { message: present }, required: ['message'] },
    ],
  })
  .register(schemaRules, { rule: 'PUB-9', expected: 'content or message' })
  .transform(card => ({ ...card, content: card.content ?? card.message ?? {} }))

const CardSchema = withReceivedForm(
  z.strictObject({ type: cardType, content, quickReplies }),
  ReceivedCardSchema,
)

/** The event of a notification as the mock sends it, with its fields in the order of the wire. */
export const SentNotifiedEventSchema = z.discriminatedUnion(
  'type',
  eventOptions({
    ContentEvent: z.discriminatedUnion('contentType', [
      TextSchema,
      HostedFileSchema,
      ExternalFileSchema,
      SecureInvitationSchema,
      SecureSubmissionSchema,
    ]),
    RichContentEvent: CardSchema,
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
export type SentNotifiedEvent = z.infer<typeof SentNotifiedEventSchema>

/** One event of a conversation as the mock sends it; the form of 2018 has no `conversationId`. Rules: WH-4, WH-4a. */
export const SentEventChangeSchema = z.strictObject({
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

/** The notification of one event as the mock sends it. Rule: WH-4. */
export const SentEventNotificationSchema = z.strictObject({
  kind: z.enum(['notification']),
  body: z.strictObject({ changes: z.array(SentEventChangeSchema) }),
  type: z.literal(messagingEventType),
})
export type SentEventNotification = z.infer<typeof SentEventNotificationSchema>

const LifecycleSchema = z.enum(['OPEN', 'CLOSE'])

/** A dialog as the mock sends it. */
export const SentDialogSchema = z.strictObject({
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

/** A conversation as the mock sends it; the form of 2018 has no `skillId`, `dialogs` and `stage`. Rule: WH-4. */
export const SentConversationDetailsSchema = z.strictObject({
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

/** A changed conversation as the mock sends it; the form of 2018 has no `effectiveTTR`. Rules: WH-4, WH-8. */
export const SentConversationChangeSchema = z.strictObject({
  type: z.literal('UPSERT'),
  result: z.strictObject({
    convId: z.string(),
    effectiveTTR: z.number().optional(),
    conversationDetails: SentConversationDetailsSchema,
  }),
})

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

/** The body of a webhook as the mock sends it, discriminated by `type`. Rule: WH-4. */
export const SentNotificationSchema = z
  .discriminatedUnion('type', [
    SentEventNotificationSchema,
    SentConversationChangeNotificationSchema,
  ])
  .register(schemaRules, { rule: 'WH-4.1' })
export type SentNotification = z.infer<typeof SentNotificationSchema>

import * as z from 'zod'
import { AcceptStatusSchema, SequenceSchema } from '../events/accept-status.ts'
import { ChatStateSchema } from '../events/chat-state.ts'
import { eventOptions } from '../events/event-types.ts'
import { toReceived, withReceivedForm } from '../primitives/received.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

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

/** The event of a notification; events and contents of a type that is not known are accepted. Rule: WH-4. */
export const NotifiedEventSchema = toReceived(SentNotifiedEventSchema)
export type NotifiedEvent = z.infer<typeof NotifiedEventSchema>

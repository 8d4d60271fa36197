import { z } from 'zod'
import { PublishedEventSchema } from './publish-event.ts'
import { requestOf } from './request.ts'
import { schemaRules } from './schema-rules.ts'

/** Sets the consumer's profile; the body may be `{}`. Rule: PRO-1. */
export const SetUserProfileRequestSchema = requestOf(
  'userprofile.SetUserProfile',
  z.looseObject({}).register(schemaRules, { rule: 'PRO-1', open: true }),
)
export type SetUserProfileRequest = z.infer<typeof SetUserProfileRequestSchema>

const idLike = z.union([z.string(), z.int()])

const CampaignInfoSchema = z
  .looseObject({ campaignId: idLike, engagementId: idLike })
  .register(schemaRules, { rule: 'CON-1' })

const ConversationContextSchema = z
  .looseObject({
    visitorId: idLike.optional(),
    sessionId: idLike.optional(),
    interactionContextId: idLike.optional(),
    type: z.literal('SharkContext').optional(),
    lang: z.string().optional(),
  })
  .register(schemaRules, { rule: 'CON-1' })

/** How soon an answer is due: the name of a time to respond. Rules: CON-1, LIF-7. */
export const TtrNameSchema = z
  .enum(['NORMAL', 'URGENT', 'PRIORITIZED'])
  .register(schemaRules, { rule: 'CON-1' })
export type TtrName = z.infer<typeof TtrNameSchema>

/** Opens a conversation for the consumer of the ConsumerJWS. Rules: CON-1, CON-3. */
export const ConsumerRequestConversationRequestSchema = requestOf(
  'cm.ConsumerRequestConversation',
  z
    .looseObject({
      brandId: z.string().optional(),
      ttrDefName: TtrNameSchema.or(z.literal('CUSTOM'))
        .nullable()
        .optional()
        .register(schemaRules, {
          rule: 'CON-1a',
          expected: 'NORMAL, URGENT, PRIORITIZED or null',
        }),
      channelType: z.literal('MESSAGING').optional(),
      skillId: z
        .string()
        .regex(/^(?:-1|\d{1,10})$/)
        .register(schemaRules, { rule: 'CON-1', expected: 'up to 10 digits or "-1"' })
        .optional(),
      campaignInfo: CampaignInfoSchema.optional(),
      conversationContext: ConversationContextSchema.optional(),
    })
    .register(schemaRules, { rule: 'CON-1' }),
)
export type ConsumerRequestConversationRequest = z.infer<
  typeof ConsumerRequestConversationRequestSchema
>

/** The first message of the conversation that the same batch opens: without a `dialogId`. Rule: CON-2. */
export const FirstMessageRequestSchema = requestOf(
  'ms.PublishEvent',
  z
    .looseObject({ dialogId: z.literal('').optional(), event: PublishedEventSchema })
    .register(schemaRules, { rule: 'CON-2' }),
)
export type FirstMessageRequest = z.infer<typeof FirstMessageRequestSchema>

/** One request of a batch, told apart by `type`. Rule: CON-2. */
export const ConversationBatchItemSchema = z
  .discriminatedUnion('type', [
    SetUserProfileRequestSchema,
    ConsumerRequestConversationRequestSchema,
    FirstMessageRequestSchema,
  ])
  .register(schemaRules, { rule: 'CON-2' })
export type ConversationBatchItem = z.infer<typeof ConversationBatchItemSchema>

/** The body of CONVERSATION: at least a profile and a new conversation, in one call. Rules: EP-2, CON-2. */
export const ConversationBatchSchema = z
  .array(ConversationBatchItemSchema)
  .min(2)
  .register(schemaRules, { rule: 'EP-2' })
export type ConversationBatch = z.infer<typeof ConversationBatchSchema>
export type ConversationBatchInput = z.input<typeof ConversationBatchSchema>

import * as z from 'zod'
import { boundedArray } from '../primitives/bounded.ts'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import type { RuleId } from '../rules/index.ts'
import { publishOf } from './encoded-metadata.ts'
import { PublishedEventSchema } from './publish-event.ts'
import { requestOf } from './request.ts'
import { SetUserProfileRequestSchema } from './user-profile.ts'

/** An id that is text; some clients write it as an integer. Rules: CON-1, CON-1b. */
const idText = () =>
  z
    .union([z.string(), z.int().register(schemaRules, { rule: 'CON-1b', note: 'text' })])
    .register(schemaRules, { rule: 'CON-1', expected: 'text' })

/** The campaign that the consumer came from. Rules: CON-1, CON-1b. */
export const CampaignInfoSchema = z
  .looseObject({ campaignId: idText(), engagementId: idText() })
  .register(schemaRules, { rule: 'CON-1' })
export type CampaignInfo = z.infer<typeof CampaignInfoSchema>

/** The visit that the conversation belongs to. Rules: CON-1, CON-1b, LIF-8. */
export const ConversationContextSchema = z
  .looseObject({
    visitorId: idText().optional(),
    sessionId: idText().optional(),
    interactionContextId: idText().optional(),
    type: z.literal('SharkContext').optional(),
    lang: z.string().optional(),
    clientProperties: z
      .looseObject({})
      .register(schemaRules, { rule: 'CON-1b', open: true, note: 'the header Client-Properties' })
      .optional(),
    features: oneOrMany(z.string())
      .register(schemaRules, { rule: 'CON-1b', note: 'the header Client-Properties' })
      .optional(),
  })
  .register(schemaRules, { rule: 'CON-1' })
export type ConversationContext = z.infer<typeof ConversationContextSchema>

/** The time to respond, by its name. Rules: CON-1, LIF-7. */
export const TtrNameSchema = z
  .enum(['NORMAL', 'URGENT', 'PRIORITIZED'])
  .register(schemaRules, { rule: 'CON-1' })
export type TtrName = z.infer<typeof TtrNameSchema>

const customTtr = z.literal('CUSTOM').register(schemaRules, {
  rule: 'CON-1a',
  note: 'NORMAL, URGENT, PRIORITIZED or null; CUSTOM counts as absent',
  refusedInStrict: true,
})

const maxSkillId = 9_999_999_999

const numericSkillId = z
  .int()
  .min(-1)
  .max(maxSkillId)
  .register(schemaRules, { rule: 'CON-1b', note: 'text' })
  .transform(String)

/** Opens a conversation for the consumer of the ConsumerJWS; a numeric `skillId` parses to its text. Rules: CON-1, CON-1b, CON-3. */
export const ConsumerRequestConversationRequestSchema = requestOf(
  'cm.ConsumerRequestConversation',
  z
    .looseObject({
      brandId: z.string().optional(),
      ttrDefName: z
        .union([TtrNameSchema, customTtr])
        .register(schemaRules, {
          rule: 'CON-1',
          expected: 'NORMAL, URGENT, PRIORITIZED or null',
        })
        .nullable()
        .optional(),
      channelType: z.literal('MESSAGING').optional(),
      skillId: z
        .union([z.string().regex(/^(?:-1|\d{1,10})$/), numericSkillId])
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

/** The first message of the conversation that the same batch opens: without a `dialogId`. Rules: CON-2, CON-2a. */
export const FirstMessageRequestSchema = publishOf(
  z
    .looseObject({
      dialogId: z
        .literal('')
        .register(schemaRules, { rule: 'CON-2a', expected: 'no dialogId', note: 'no dialogId' })
        .optional(),
      event: PublishedEventSchema,
    })
    .register(schemaRules, { rule: 'CON-2' }),
)
export type FirstMessageRequest = z.infer<typeof FirstMessageRequestSchema>

/** One request of a batch, discriminated by `type`. Rule: CON-2. */
export const ConversationBatchItemSchema = z
  .discriminatedUnion('type', [
    SetUserProfileRequestSchema,
    ConsumerRequestConversationRequestSchema,
    FirstMessageRequestSchema,
  ])
  .register(schemaRules, { rule: 'CON-2' })
export type ConversationBatchItem = z.infer<typeof ConversationBatchItemSchema>

const minBatchLength = 2

/** How often each type occurs in a batch. Rule: CON-2. */
const allowedCounts = [
  { type: 'userprofile.SetUserProfile', min: 1, expected: 'exactly once' },
  { type: 'cm.ConsumerRequestConversation', min: 1, expected: 'exactly once' },
  { type: 'ms.PublishEvent', min: 0, expected: 'at most once' },
] as const

const containing = (type: ConversationBatchItem['type']) => ({
  type: 'array',
  contains: { type: 'object', properties: { type: { const: type } }, required: ['type'] },
})

/** The body of CONVERSATION: a profile and a new conversation, and perhaps a first message. Rules: EP-2, CON-2. */
export const ConversationBatchSchema = boundedArray(ConversationBatchItemSchema)
  .min(minBatchLength)
  .meta({
    allOf: allowedCounts.filter(({ min }) => min > 0).map(({ type }) => containing(type)),
    anyOf: [
      { type: 'array', maxItems: minBatchLength },
      { ...containing('ms.PublishEvent'), maxItems: minBatchLength + 1 },
    ],
  })
  .register(schemaRules, { rule: 'EP-2' })
  .superRefine((items, context) => {
    if (items.length < minBatchLength) return
    for (const { type, min, expected } of allowedCounts) {
      const indexes = items.flatMap((item, index) => (item.type === type ? [index] : []))
      if (indexes.length === 1 || indexes.length === min) continue
      const path = indexes[1] === undefined ? [] : [indexes[1], 'type']
      const params = { rule: 'CON-2' satisfies RuleId }
      context.addIssue({ code: 'custom', path, params, message: `${type} ${expected}` })
    }
  })
export type ConversationBatch = z.infer<typeof ConversationBatchSchema>
export type ConversationBatchInput = z.input<typeof ConversationBatchSchema>

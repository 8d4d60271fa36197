import * as z from 'zod'
import { oneOrMany } from './one-or-many.ts'
import { requestOf } from './request.ts'
import { schemaRules } from './schema-rules.ts'

/** An id that is text; some clients write it as an integer. Rules: CON-1, CON-1b. */
const idText = () =>
  z
    .union([z.string(), z.int().register(schemaRules, { rule: 'CON-1b', note: 'text' })])
    .register(schemaRules, { rule: 'CON-1', expected: 'text' })

/** Where the consumer came from. Rules: CON-1, CON-1b. */
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

/** How soon an answer is due: the name of a time to respond. Rules: CON-1, LIF-7. */
export const TtrNameSchema = z
  .enum(['NORMAL', 'URGENT', 'PRIORITIZED'])
  .register(schemaRules, { rule: 'CON-1' })
export type TtrName = z.infer<typeof TtrNameSchema>

const customTtr = z.literal('CUSTOM').register(schemaRules, {
  rule: 'CON-1a',
  note: 'NORMAL, URGENT, PRIORITIZED or null; CUSTOM counts as absent',
  refusedInStrict: true,
})

/** Opens a conversation for the consumer of the ConsumerJWS. Rules: CON-1, CON-3. */
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

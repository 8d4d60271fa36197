import * as z from 'zod'
import { ConsumerRequestConversationRequestSchema } from './consumer-request-conversation.ts'
import { PublishedEventSchema } from './publish-event.ts'
import { requestOf } from './request.ts'
import type { RuleId } from './rules/index.ts'
import { schemaRules } from './schema-rules.ts'
import { SetUserProfileRequestSchema } from './set-user-profile.ts'

/** The first message of the conversation that the same batch opens: without a `dialogId`. Rules: CON-2, CON-2a. */
export const FirstMessageRequestSchema = requestOf(
  'ms.PublishEvent',
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

/** One request of a batch, told apart by `type`. Rule: CON-2. */
export const ConversationBatchItemSchema = z
  .discriminatedUnion('type', [
    SetUserProfileRequestSchema,
    ConsumerRequestConversationRequestSchema,
    FirstMessageRequestSchema,
  ])
  .register(schemaRules, { rule: 'CON-2' })
export type ConversationBatchItem = z.infer<typeof ConversationBatchItemSchema>

const smallestBatch = 2

/** How often each type stands in a batch. Rule: CON-2. */
const allowedCounts = [
  { type: 'userprofile.SetUserProfile', least: 1, expected: 'exactly once' },
  { type: 'cm.ConsumerRequestConversation', least: 1, expected: 'exactly once' },
  { type: 'ms.PublishEvent', least: 0, expected: 'at most once' },
] as const

/** The body of CONVERSATION: a profile and a new conversation, and perhaps a first message. Rules: EP-2, CON-2. */
export const ConversationBatchSchema = z
  .array(ConversationBatchItemSchema)
  .min(smallestBatch)
  .meta({
    allOf: allowedCounts
      .filter(({ least }) => least > 0)
      .map(({ type }) => ({
        contains: { type: 'object', properties: { type: { const: type } }, required: ['type'] },
      })),
  })
  .register(schemaRules, { rule: 'EP-2' })
  .superRefine((items, context) => {
    if (items.length < smallestBatch) return
    for (const { type, least, expected } of allowedCounts) {
      const places = items.flatMap((item, index) => (item.type === type ? [index] : []))
      if (places.length === 1 || places.length === least) continue
      const path = places[1] === undefined ? [] : [places[1], 'type']
      const params = { rule: 'CON-2' satisfies RuleId }
      context.addIssue({ code: 'custom', path, params, message: `${type} ${expected}` })
    }
  })
export type ConversationBatch = z.infer<typeof ConversationBatchSchema>
export type ConversationBatchInput = z.input<typeof ConversationBatchSchema>

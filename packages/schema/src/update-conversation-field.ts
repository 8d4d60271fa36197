import * as z from 'zod'
import { ConversationFieldSchema } from './conversation-field.ts'
import { oneOrMany } from './one-or-many.ts'
import { requestOf } from './request.ts'
import { schemaRules } from './schema-rules.ts'

/** Changes fields of a conversation, in order. Rules: UPD-1, UPD-1a. */
export const UpdateConversationFieldRequestSchema = requestOf(
  'cm.UpdateConversationField',
  z
    .looseObject({
      conversationId: z.string().min(1),
      conversationField: oneOrMany(ConversationFieldSchema, 1).register(schemaRules, {
        rule: 'UPD-1',
        expected: 'a conversation field or a list of them',
      }),
    })
    .register(schemaRules, { rule: 'UPD-1' }),
)
export type UpdateConversationFieldRequest = z.infer<typeof UpdateConversationFieldRequestSchema>

import { z } from 'zod'
import { oneOrMany } from './one-or-many.ts'
import { requestOf } from './request.ts'
import { schemaRules } from './schema-rules.ts'

/** Closes the conversation and all its dialogs, without a survey. Rule: UPD-2. */
export const ConversationStateFieldSchema = z
  .looseObject({
    field: z.literal('ConversationStateField'),
    conversationState: z.literal('CLOSE'),
  })
  .register(schemaRules, { rule: 'UPD-2' })
export type ConversationStateField = z.infer<typeof ConversationStateFieldSchema>

/** A change of a conversation's field, told apart by `field`. Rule: UPD-1. */
export const ConversationFieldSchema = z
  .discriminatedUnion('field', [ConversationStateFieldSchema])
  .register(schemaRules, { rule: 'UPD-1' })
export type ConversationField = z.infer<typeof ConversationFieldSchema>

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

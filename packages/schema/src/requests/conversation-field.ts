import * as z from 'zod'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { requestOf } from './request.ts'

/** Closes the conversation and all its dialogs, without a survey. Rule: UPD-2. */
export const ConversationStateFieldSchema = z
  .looseObject({
    field: z.literal('ConversationStateField'),
    conversationState: z.literal('CLOSE'),
  })
  .register(schemaRules, { rule: 'UPD-2' })
export type ConversationStateField = z.infer<typeof ConversationStateFieldSchema>

/** Closes one dialog; a survey may follow it. Rule: UPD-3. */
export const DialogChangeFieldSchema = z
  .looseObject({
    field: z.literal('DialogChange'),
    type: z.literal('UPDATE'),
    dialog: z.looseObject({
      dialogId: z.string().min(1),
      state: z.literal('CLOSE'),
      closedCause: z.string().optional(),
    }),
  })
  .register(schemaRules, { rule: 'UPD-3' })
export type DialogChangeField = z.infer<typeof DialogChangeFieldSchema>

/** Closes everything, without a survey. Rule: UPD-4. */
export const StageFieldSchema = z
  .looseObject({ field: z.literal('Stage'), conversationState: z.literal('CLOSE') })
  .register(schemaRules, { rule: 'UPD-4' })
export type StageField = z.infer<typeof StageFieldSchema>

/** The consumer's rating, 1 to 5; it may come after the close. Rule: UPD-5. */
export const CsatRateFieldSchema = z
  .looseObject({
    field: z.literal('CSATRate'),
    csatRate: z
      .int()
      .min(1)
      .max(5)
      .register(schemaRules, { rule: 'UPD-5', expected: 'an integer from 1 to 5' }),
    csatResolutionConfirmation: z.boolean(),
    status: z.enum(['FILLED', 'PARTIALLY_FILLED', 'SKIPPED']),
  })
  .register(schemaRules, { rule: 'UPD-5' })
export type CsatRateField = z.infer<typeof CsatRateFieldSchema>

/** The time to respond; `value` is in seconds. Rule: UPD-6. */
export const TtrFieldSchema = z
  .looseObject({
    field: z.literal('TTRField'),
    ttrType: z.enum(['CUSTOM', 'NORMAL', 'PRIORITIZED', 'URGENT']),
    value: z
      .number()
      .min(0)
      .register(schemaRules, { rule: 'UPD-6', expected: 'a number of seconds, 0 or more' }),
  })
  .register(schemaRules, { rule: 'UPD-6' })
export type TtrField = z.infer<typeof TtrFieldSchema>

/** A change of a conversation's field, discriminated by `field`. Rule: UPD-1. */
export const ConversationFieldSchema = z
  .discriminatedUnion('field', [
    ConversationStateFieldSchema,
    DialogChangeFieldSchema,
    StageFieldSchema,
    CsatRateFieldSchema,
    TtrFieldSchema,
  ])
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

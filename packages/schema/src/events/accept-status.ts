import * as z from 'zod'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

/** The receipt of messages; `ACTION` is the reply to a card. Rule: PUB-8. */
export const AcceptStatusSchema = z
  .enum(['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION'])
  .register(schemaRules, { rule: 'PUB-8.1' })
export type AcceptStatus = z.infer<typeof AcceptStatusSchema>

/** The sequence number of an event in its dialog, from 0. Rule: SEQ-1. */
export const SequenceSchema = z
  .int()
  .min(0)
  .register(schemaRules, { rule: 'PUB-8.2', expected: 'an integer of 0 or more' })

/** A receipt for the messages with the numbers of `sequenceList`. Rule: PUB-8. */
export const AcceptStatusEventSchema = z
  .looseObject({
    type: z.literal('AcceptStatusEvent'),
    status: AcceptStatusSchema,
    sequenceList: oneOrMany(SequenceSchema, 1).register(schemaRules, {
      rule: 'PUB-8.2',
      expected: 'a list of at least one sequence number',
    }),
  })
  .register(schemaRules, { rule: 'PUB-8.1' })
export type AcceptStatusEvent = z.infer<typeof AcceptStatusEventSchema>

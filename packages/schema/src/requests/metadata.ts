import * as z from 'zod'
import { typeOtherThan } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

/** The connector's own id for a request. Rule: REQ-5. */
export const ExternalIdMetadataSchema = z
  .looseObject({ type: z.literal('ExternalId'), id: z.string().max(64) })
  .register(schemaRules, { rule: 'REQ-5' })
export type ExternalIdMetadata = z.infer<typeof ExternalIdMetadataSchema>

/** The reason of an action. Rule: REQ-5. */
export const ActionReasonMetadataSchema = z
  .looseObject({
    type: z.literal('ActionReason'),
    reasonId: z.string().optional(),
    reason: z.string().max(64).optional(),
  })
  .register(schemaRules, { rule: 'REQ-5' })
export type ActionReasonMetadata = z.infer<typeof ActionReasonMetadataSchema>

const OtherMetadataSchema = z
  .looseObject({ type: typeOtherThan(['ExternalId', 'ActionReason']) })
  .register(schemaRules, { rule: 'REQ-5', open: true })

/** One element of a request's top-level `metadata`: two types are checked, any other is accepted. Rule: REQ-5. */
export const MetadataSchema = z
  .union([
    z.discriminatedUnion('type', [ExternalIdMetadataSchema, ActionReasonMetadataSchema]),
    OtherMetadataSchema,
  ])
  .register(schemaRules, { rule: 'REQ-5' })
export type Metadata = z.infer<typeof MetadataSchema>

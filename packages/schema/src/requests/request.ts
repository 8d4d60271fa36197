import * as z from 'zod'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { MetadataSchema } from './metadata.ts'

/** A request's id: text of 1 to 64 characters or a number; responses repeat it as text. Rules: REQ-2, RES-2. */
export const RequestIdSchema = z
  .union([z.string().min(1).max(64), z.number()])
  .register(schemaRules, { rule: 'REQ-2', expected: 'text of 1 to 64 characters or a number' })
export type RequestId = z.infer<typeof RequestIdSchema>

/** The fields of every request: `kind`, `id`, `type`, `body`, `metadata`. Rules: REQ-1, REQ-1a. */
export const envelopeOf = <Type extends string, Body extends z.ZodType>(
  type: Type,
  body: Body,
) => ({
  kind: z.literal('req').register(schemaRules, { rule: 'REQ-1a' }).optional(),
  id: RequestIdSchema,
  type: z.literal(type),
  body,
  metadata: oneOrMany(MetadataSchema).optional(),
})

/** A request of this type with this body. Rules: REQ-1, REQ-1a. */
export const requestOf = <Type extends string, Body extends z.ZodType>(type: Type, body: Body) =>
  z.looseObject(envelopeOf(type, body)).register(schemaRules, { rule: 'REQ-1' })

/** The features that a client may name. Rule: REQ-6. */
export const clientFeatures = [
  'AUTO_MESSAGES',
  'RICH_CONTENT',
  'CO_BROWSE',
  'CO_APP',
  'PHOTO_SHARING',
  'SECURE_FORMS',
  'QUICK_REPLIES',
  'MULTI_DIALOG',
  'FILE_SHARING',
  'MARKDOWN_HYPERLINKS',
] as const

/** The types under which features count. Rule: REQ-6. */
export const clientPropertiesTypes = [
  '.ClientProperties',
  'ClientProperties',
  '.ams.headers.ClientProperties',
] as const

/** A feature by its name; another one is kept. Rule: REQ-6. */
export const featureNames = z
  .union([
    z.enum(clientFeatures),
    z.string().register(schemaRules, {
      rule: 'REQ-6.2',
      note: 'a feature that the documentation or clients name',
      words: clientFeatures,
    }),
  ])
  .register(schemaRules, {
    rule: 'REQ-6.2',
    expected: 'text; features count only in a list of nothing else',
  })

/** The JSON of the `Client-Properties` header. Rule: REQ-6. */
export const ClientPropertiesSchema = z
  .looseObject({
    type: z.enum(clientPropertiesTypes).optional(),
    features: oneOrMany(featureNames).optional(),
  })
  .register(schemaRules, { rule: 'REQ-6.1', open: true })
export type ClientProperties = z.infer<typeof ClientPropertiesSchema>

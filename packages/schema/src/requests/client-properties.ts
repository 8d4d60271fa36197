import * as z from 'zod'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

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

const toleratedFeatures = ['FILE_SHARING', 'MARKDOWN_HYPERLINKS'] as const

const FeatureSchema = z.union([
  z.enum(clientFeatures).exclude(toleratedFeatures),
  z
    .string()
    .register(schemaRules, { rule: 'REQ-6.2', note: 'a feature that the documentation names' }),
])

/** The JSON of the `Client-Properties` header. Rule: REQ-6. */
export const ClientPropertiesSchema = z
  .looseObject({
    type: z
      .enum(['.ClientProperties', 'ClientProperties', '.ams.headers.ClientProperties'])
      .optional(),
    features: oneOrMany(FeatureSchema).optional(),
  })
  .register(schemaRules, { rule: 'REQ-6.1', open: true })
export type ClientProperties = z.infer<typeof ClientPropertiesSchema>

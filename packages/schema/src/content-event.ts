import { z } from 'zod'
import { schemaRules } from './schema-rules.ts'

/** A text message. Rule: PUB-2. */
export const TextContentEventSchema = z
  .looseObject({
    type: z.literal('ContentEvent'),
    contentType: z.literal('text/plain'),
    message: z.string(),
  })
  .register(schemaRules, { rule: 'PUB-2' })
export type TextContentEvent = z.infer<typeof TextContentEventSchema>

/** The file of a `hosted/file` message; `preview` is a data URL. Rules: PUB-3, PUB-4. */
export const HostedFileSchema = z
  .looseObject({
    relativePath: z.string().min(1),
    fileType: z
      .string()
      .regex(/^(?:jpe?g|png|gif)$/i)
      .register(schemaRules, { rule: 'PUB-4.1', expected: 'JPG, JPEG, PNG or GIF' }),
    caption: z.string().optional(),
    preview: z.string().optional(),
  })
  .register(schemaRules, { rule: 'PUB-3' })
export type HostedFile = z.infer<typeof HostedFileSchema>

/** A message that points to an uploaded file. Rule: PUB-3. */
export const FileContentEventSchema = z
  .looseObject({
    type: z.literal('ContentEvent'),
    contentType: z.literal('hosted/file'),
    message: HostedFileSchema,
  })
  .register(schemaRules, { rule: 'PUB-3' })
export type FileContentEvent = z.infer<typeof FileContentEventSchema>

/** A message of the consumer: text or a file, told apart by `contentType`. Rules: PUB-2, PUB-3. */
export const ContentEventSchema = z
  .discriminatedUnion('contentType', [TextContentEventSchema, FileContentEventSchema])
  .register(schemaRules, { rule: 'PUB-2' })
export type ContentEvent = z.infer<typeof ContentEventSchema>

import * as z from 'zod'
import { FileTypeSchema, PreviewSchema } from '../primitives/file-limits.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

/** A text message. Rule: PUB-2. */
export const TextContentEventSchema = z
  .looseObject({
    type: z.literal('ContentEvent'),
    contentType: z.literal('text/plain'),
    message: z.string(),
  })
  .register(schemaRules, { rule: 'PUB-2' })
export type TextContentEvent = z.infer<typeof TextContentEventSchema>

/** The file of a `hosted/file` message; `preview` is a data URL. The accepted file types are a limit. Rules: PUB-3, PUB-4. */
export const HostedFileSchema = z
  .looseObject({
    relativePath: z.string().min(1),
    fileType: FileTypeSchema,
    caption: z.string().optional(),
    preview: PreviewSchema.optional(),
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

const olderName = z
  .literal('HostedFile')
  .register(schemaRules, { rule: 'PUB-6.2', note: 'a ContentEvent with contentType hosted/file' })

const toFileContentEvent = (event: { message: HostedFile }): FileContentEvent => ({
  ...event,
  type: 'ContentEvent',
  contentType: 'hosted/file',
})

/** A file whose contentType is `HostedFile`, as an older schema has it; it parses to `hosted/file`. Rule: PUB-6. */
export const OlderFileContentEventSchema = z
  .looseObject({
    type: z.literal('ContentEvent'),
    contentType: olderName,
    message: HostedFileSchema,
  })
  .register(schemaRules, { rule: 'PUB-6.2' })
  .transform(toFileContentEvent)

/** A file whose event type is `HostedFile`; it parses to a ContentEvent. Rule: PUB-6. */
export const HostedFileEventSchema = z
  .looseObject({ type: olderName, contentType: z.string().optional(), message: HostedFileSchema })
  .register(schemaRules, { rule: 'PUB-6.2' })
  .transform(toFileContentEvent)

/** A message of the consumer: text or a file, discriminated by `contentType`. Rules: PUB-2, PUB-2a, PUB-3, PUB-6. */
export const ContentEventSchema = z
  .discriminatedUnion('contentType', [
    TextContentEventSchema,
    FileContentEventSchema,
    OlderFileContentEventSchema,
  ])
  .register(schemaRules, { rule: 'PUB-2a.3' })
export type ContentEvent = z.infer<typeof ContentEventSchema>

import * as z from 'zod'
import { FileSizeSchema, FileTypeSchema } from '../primitives/file-limits.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { requestOf } from './request.ts'

/** Requests a URL to upload a file; `fileSize` is in bytes, as text or a number. Rules: URL-1, PUB-5. */
export const GenerateUrlForUploadFileRequestSchema = requestOf(
  'ms.GenerateURLForUploadFile',
  z
    .looseObject({
      fileSize: FileSizeSchema,
      fileType: FileTypeSchema,
    })
    .register(schemaRules, { rule: 'URL-1' }),
)
export type GenerateUrlForUploadFileRequest = z.infer<typeof GenerateUrlForUploadFileRequestSchema>

/** Requests a URL to download a file. Rule: URL-2. */
export const GenerateUrlForDownloadFileRequestSchema = requestOf(
  'ms.GenerateURLForDownloadFile',
  z.looseObject({ relativePath: z.string().min(1) }).register(schemaRules, { rule: 'URL-2' }),
)
export type GenerateUrlForDownloadFileRequest = z.infer<
  typeof GenerateUrlForDownloadFileRequestSchema
>

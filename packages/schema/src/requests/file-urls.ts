import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { requestOf } from './request.ts'

/** Requests a URL to upload a file; `fileSize` is in bytes, as text or a number. Rules: URL-1, PUB-5. */
export const GenerateUrlForUploadFileRequestSchema = requestOf(
  'ms.GenerateURLForUploadFile',
  z
    .looseObject({
      fileSize: z
        .union([z.string().regex(/^\d+$/), z.int().min(0)])
        .register(schemaRules, { rule: 'URL-1', expected: 'a number of bytes' }),
      fileType: z.string().min(1),
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

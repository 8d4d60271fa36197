import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { UpdateConversationFieldRequestSchema } from './conversation-field.ts'
import {
  GenerateUrlForDownloadFileRequestSchema,
  GenerateUrlForUploadFileRequestSchema,
} from './file-urls.ts'
import { PublishEventRequestSchema } from './publish-event.ts'
import { SetUserProfileRequestSchema } from './user-profile.ts'

/**
 * The body of SEND: one action, discriminated by `type`. Rules: EP-1, REQ-3.
 *
 * @example
 * ```ts
 * import { SendRequestSchema } from '@sendbox/schema'
 *
 * const body = { relativePath: '/v1/AUTH_async-images/12345678/photo.JPG' }
 * const type = 'ms.GenerateURLForDownloadFile'
 * console.log(SendRequestSchema.parse({ id: '1', type, body }).type) // ms.GenerateURLForDownloadFile
 * ```
 */
export const SendRequestSchema = z
  .discriminatedUnion('type', [
    PublishEventRequestSchema,
    UpdateConversationFieldRequestSchema,
    SetUserProfileRequestSchema,
    GenerateUrlForUploadFileRequestSchema,
    GenerateUrlForDownloadFileRequestSchema,
  ])
  .register(schemaRules, { rule: 'REQ-3.1' })
export type SendRequest = z.infer<typeof SendRequestSchema>
/** The input of {@link SendRequestSchema}, with bare single elements. Rule: REQ-8. */
export type SendRequestInput = z.input<typeof SendRequestSchema>

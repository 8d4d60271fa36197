import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { UpdateConversationFieldRequestSchema } from './conversation-field.ts'
import {
  GenerateUrlForDownloadFileRequestSchema,
  GenerateUrlForUploadFileRequestSchema,
} from './file-urls.ts'
import { PublishEventRequestSchema } from './publish-event.ts'
import { SetUserProfileRequestSchema } from './user-profile.ts'

/** The body of SEND: one action, told apart by `type`. Rules: EP-1, REQ-3. */
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
/** What a caller may write where a {@link SendRequest} is read: bare single elements too. Rule: REQ-8. */
export type SendRequestInput = z.input<typeof SendRequestSchema>

import * as z from 'zod'
import { SequenceSchema } from '../events/accept-status.ts'

const responseOf = <Body extends z.ZodType>(body: Body) =>
  z.strictObject({ reqId: z.string(), code: z.literal('OK'), body })

const MessageBodySchema = z.strictObject({ msg: z.string() })

/** The response to `ms.PublishEvent`: the event's sequence, 0 for a chat state. Rules: RES-3, SEQ-4. */
export const PublishEventResponseSchema = responseOf(z.strictObject({ sequence: SequenceSchema }))
export type PublishEventResponse = z.infer<typeof PublishEventResponseSchema>

/** The response to `cm.UpdateConversationField`. Rule: RES-5. */
export const UpdateConversationFieldResponseSchema = responseOf(MessageBodySchema)
export type UpdateConversationFieldResponse = z.infer<typeof UpdateConversationFieldResponseSchema>

/** The response to `userprofile.SetUserProfile`. Rules: RES-4, RES-4a. */
export const SetUserProfileResponseSchema = responseOf(MessageBodySchema)
export type SetUserProfileResponse = z.infer<typeof SetUserProfileResponseSchema>

/** The signed URL of a file; the signature is valid for 60 s. Rules: URL-3, EP-15. */
export const FileUrlSchema = z.strictObject({
  relativePath: z
    .string()
    .regex(
      /^\/v1\/AUTH_async-images\/[^/]+\/[0-9a-f]{64}_uuid_[0-9A-Fa-f-]{36}_\d\d-\d\d-\d{4}_\d\d-\d\d-\d\d-\d{3}\.[^./]+$/,
    ),
  queryParams: z.strictObject({
    temp_url_sig: z.string().regex(/^[0-9a-f]{40}$/),
    temp_url_expires: z.string().regex(/^\d+$/),
  }),
})
export type FileUrl = z.infer<typeof FileUrlSchema>

/** The response to `ms.GenerateURLForUploadFile` and `ms.GenerateURLForDownloadFile`. Rule: URL-3. */
export const GenerateUrlResponseSchema = responseOf(FileUrlSchema)
export type GenerateUrlResponse = z.infer<typeof GenerateUrlResponseSchema>

/** The response to SEND. Rules: RES-1 to RES-5. */
export const SendResponseSchema = z.union([
  PublishEventResponseSchema,
  UpdateConversationFieldResponseSchema,
  GenerateUrlResponseSchema,
])
export type SendResponse = z.infer<typeof SendResponseSchema>

/** The response to `cm.ConsumerRequestConversation`. Rule: RES-4. */
export const ConsumerRequestConversationResponseSchema = responseOf(
  z.strictObject({ conversationId: z.guid() }),
)
export type ConsumerRequestConversationResponse = z.infer<
  typeof ConsumerRequestConversationResponseSchema
>

/** The response to CONVERSATION: one response per request, in the order of the batch. Rules: EP-2, RES-4. */
export const ConversationBatchResponseSchema = z.array(
  z.union([
    SetUserProfileResponseSchema,
    ConsumerRequestConversationResponseSchema,
    PublishEventResponseSchema,
  ]),
)
export type ConversationBatchResponse = z.infer<typeof ConversationBatchResponseSchema>

import * as z from 'zod'
import { SequenceSchema } from '../events/accept-status.ts'

const sentResponseOf = <Body extends z.ZodType>(body: Body) =>
  z.strictObject({ reqId: z.string(), code: z.enum(['OK']), body })

/** The response to `ms.PublishEvent` as the mock sends it. Rules: RES-3, SEQ-4. */
export const SentPublishEventResponseSchema = sentResponseOf(
  z.strictObject({ sequence: SequenceSchema }),
)
export type SentPublishEventResponse = z.infer<typeof SentPublishEventResponseSchema>

const body = z.strictObject({ msg: z.string() })

/** The response to `cm.UpdateConversationField` as the mock sends it. Rule: RES-5. */
export const SentUpdateConversationFieldResponseSchema = sentResponseOf(body)
export type SentUpdateConversationFieldResponse = z.infer<
  typeof SentUpdateConversationFieldResponseSchema
>

/** The response to `userprofile.SetUserProfile` as the mock sends it. Rules: RES-4, RES-4a. */
export const SentSetUserProfileResponseSchema = sentResponseOf(body)
export type SentSetUserProfileResponse = z.infer<typeof SentSetUserProfileResponseSchema>

/** The signed URL of a file as the mock sends it. Rules: URL-3, EP-15. */
export const SentFileUrlSchema = z.strictObject({
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
export type SentFileUrl = z.infer<typeof SentFileUrlSchema>

/** The response to a request for a file URL as the mock sends it. Rule: URL-3. */
export const SentGenerateUrlResponseSchema = sentResponseOf(SentFileUrlSchema)
export type SentGenerateUrlResponse = z.infer<typeof SentGenerateUrlResponseSchema>

/** The response to SEND as the mock sends it. Rules: RES-1 to RES-5. */
export const SentSendResponseSchema = z.union([
  SentPublishEventResponseSchema,
  SentUpdateConversationFieldResponseSchema,
  SentGenerateUrlResponseSchema,
])
export type SentSendResponse = z.infer<typeof SentSendResponseSchema>

/** The response to `cm.ConsumerRequestConversation` as the mock sends it. Rule: RES-4. */
export const SentConsumerRequestConversationResponseSchema = sentResponseOf(
  z.strictObject({ conversationId: z.guid() }),
)
export type SentConsumerRequestConversationResponse = z.infer<
  typeof SentConsumerRequestConversationResponseSchema
>

/** The response to CONVERSATION as the mock sends it. Rules: EP-2, RES-4. */
export const SentConversationBatchResponseSchema = z.array(
  z.union([
    SentSetUserProfileResponseSchema,
    SentConsumerRequestConversationResponseSchema,
    SentPublishEventResponseSchema,
  ]),
)
export type SentConversationBatchResponse = z.infer<typeof SentConversationBatchResponseSchema>

/** The body of an error as the mock sends it. Rules: AUTH-5, RES-6. */
export const SentErrorBodySchema = z.strictObject({
  title: z.string(),
  details: z.string(),
  errorCode: z.int(),
})
export type SentErrorBody = z.infer<typeof SentErrorBodySchema>

/** An error as the mock sends it. Rules: AUTH-5, RES-6. */
export const SentErrorResponseSchema = z.strictObject({
  kind: z.enum(['resp']),
  reqId: z.string().optional(),
  code: z.int(),
  body: z.union([SentErrorBodySchema, z.string()]),
  type: z.literal('.ReqBody$ErrorResp'),
})
export type SentErrorResponse = z.infer<typeof SentErrorResponseSchema>

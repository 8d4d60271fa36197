import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import {
  SentConsumerRequestConversationResponseSchema,
  SentConversationBatchResponseSchema,
  SentFileUrlSchema,
  SentGenerateUrlResponseSchema,
  SentPublishEventResponseSchema,
  SentSendResponseSchema,
  SentSetUserProfileResponseSchema,
  SentUpdateConversationFieldResponseSchema,
} from './sent.ts'

/** The response to `ms.PublishEvent`: the event's sequence, 0 for a chat state. Rules: RES-3, SEQ-4. */
export const PublishEventResponseSchema = toReceived(SentPublishEventResponseSchema)
export type PublishEventResponse = z.infer<typeof PublishEventResponseSchema>

/** The response to `cm.UpdateConversationField`. Rule: RES-5. */
export const UpdateConversationFieldResponseSchema = toReceived(
  SentUpdateConversationFieldResponseSchema,
)
export type UpdateConversationFieldResponse = z.infer<typeof UpdateConversationFieldResponseSchema>

/** The response to `userprofile.SetUserProfile`. Rules: RES-4, RES-4a. */
export const SetUserProfileResponseSchema = toReceived(SentSetUserProfileResponseSchema)
export type SetUserProfileResponse = z.infer<typeof SetUserProfileResponseSchema>

/** The signed URL of a file; the signature is valid for 60 s. Rules: URL-3, EP-15. */
export const FileUrlSchema = toReceived(SentFileUrlSchema)
export type FileUrl = z.infer<typeof FileUrlSchema>

/** The response to `ms.GenerateURLForUploadFile` and `ms.GenerateURLForDownloadFile`. Rule: URL-3. */
export const GenerateUrlResponseSchema = toReceived(SentGenerateUrlResponseSchema)
export type GenerateUrlResponse = z.infer<typeof GenerateUrlResponseSchema>

/** The response to SEND. Rules: RES-1 to RES-5. */
export const SendResponseSchema = toReceived(SentSendResponseSchema)
export type SendResponse = z.infer<typeof SendResponseSchema>

/** The response to `cm.ConsumerRequestConversation`. Rule: RES-4. */
export const ConsumerRequestConversationResponseSchema = toReceived(
  SentConsumerRequestConversationResponseSchema,
)
export type ConsumerRequestConversationResponse = z.infer<
  typeof ConsumerRequestConversationResponseSchema
>

/** The response to CONVERSATION: one response per request, in the order of the batch. Rules: EP-2, RES-4. */
export const ConversationBatchResponseSchema = toReceived(SentConversationBatchResponseSchema)
export type ConversationBatchResponse = z.infer<typeof ConversationBatchResponseSchema>

import { z } from 'zod'
import { SequenceSchema } from './accept-status-event.ts'

const answerOf = <Body extends z.ZodType>(body: Body) =>
  z.strictObject({ reqId: z.string(), code: z.literal('OK'), body })

const MessageBodySchema = z.strictObject({ msg: z.string() })

/** The answer to `ms.PublishEvent`: the event's number, 0 for a chat state. Rules: RES-3, SEQ-4. */
export const PublishEventResponseSchema = answerOf(z.strictObject({ sequence: SequenceSchema }))
export type PublishEventResponse = z.infer<typeof PublishEventResponseSchema>

/** The answer to `cm.UpdateConversationField`. Rule: RES-5. */
export const UpdateConversationFieldResponseSchema = answerOf(MessageBodySchema)
export type UpdateConversationFieldResponse = z.infer<typeof UpdateConversationFieldResponseSchema>

/** The answer to SEND. Rules: RES-1, RES-2, RES-3, RES-5. */
export const SendResponseSchema = z.union([
  PublishEventResponseSchema,
  UpdateConversationFieldResponseSchema,
])
export type SendResponse = z.infer<typeof SendResponseSchema>

/** The answer to `userprofile.SetUserProfile`. Rule: RES-4. */
export const SetUserProfileResponseSchema = answerOf(MessageBodySchema)
export type SetUserProfileResponse = z.infer<typeof SetUserProfileResponseSchema>

/** The answer to `cm.ConsumerRequestConversation`. Rule: RES-4. */
export const ConsumerRequestConversationResponseSchema = answerOf(
  z.strictObject({ conversationId: z.guid() }),
)
export type ConsumerRequestConversationResponse = z.infer<
  typeof ConsumerRequestConversationResponseSchema
>

/** The answer to CONVERSATION: one answer a request, in the order of the batch. Rules: EP-2, RES-4. */
export const ConversationBatchResponseSchema = z.array(
  z.union([
    SetUserProfileResponseSchema,
    ConsumerRequestConversationResponseSchema,
    PublishEventResponseSchema,
  ]),
)
export type ConversationBatchResponse = z.infer<typeof ConversationBatchResponseSchema>

import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { SentErrorBodySchema, SentErrorResponseSchema } from './sent.ts'

/** The body of an error; clients act on `errorCode`. Rules: AUTH-5, RES-6. */
export const ErrorBodySchema = toReceived(SentErrorBodySchema)
export type ErrorBody = z.infer<typeof ErrorBodySchema>

/** Every error of SEND, CONVERSATION and the ConsumerJWS call; `code` is the HTTP status. Rules: AUTH-5, RES-6. */
export const ErrorResponseSchema = toReceived(SentErrorResponseSchema)
export type ErrorResponse = z.infer<typeof ErrorResponseSchema>

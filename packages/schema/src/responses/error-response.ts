import * as z from 'zod'

/** The body of an error; clients act on `errorCode`. Rules: AUTH-5, RES-6. */
export const ErrorBodySchema = z.strictObject({
  title: z.string(),
  details: z.string(),
  errorCode: z.int(),
})
export type ErrorBody = z.infer<typeof ErrorBodySchema>

/** Every error of SEND, CONVERSATION and the ConsumerJWS call; `code` is the HTTP status. Rules: AUTH-5, RES-6. */
export const ErrorResponseSchema = z.strictObject({
  kind: z.literal('resp'),
  reqId: z.string().optional(),
  code: z.int(),
  body: z.union([ErrorBodySchema, z.string()]),
  type: z.literal('.ReqBody$ErrorResp'),
})
export type ErrorResponse = z.infer<typeof ErrorResponseSchema>

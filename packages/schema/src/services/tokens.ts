import * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import {
  SentAppTokenErrorSchema,
  SentAppTokenResponseSchema,
  SentConsumerResponseSchema,
} from './sent.ts'

/** The form of the AppJWT request (EP-9); `v` and `grant_type` are in the query and may be repeated here (EP-10). */
export const AppTokenRequestSchema = z.looseObject({
  client_id: z.string(),
  client_secret: z.string(),
  v: z.string().optional(),
  grant_type: z.literal('client_credentials').optional(),
})
export type AppTokenRequest = z.infer<typeof AppTokenRequestSchema>

/** The AppJWT; `expires_in` is in seconds. Rules: EP-9, EP-11. */
export const AppTokenResponseSchema = toReceived(SentAppTokenResponseSchema)
export type AppTokenResponse = z.infer<typeof AppTokenResponseSchema>

/** An error of the token endpoint, as in RFC 6749, 5.2. Rule: EP-12. */
export const AppTokenErrorSchema = toReceived(SentAppTokenErrorSchema)
export type AppTokenError = z.infer<typeof AppTokenErrorSchema>

/** The claims of an AppJWT; `iat` and `exp` are in seconds. Rule: AUTH-3. */
export const AppJwtClaimsSchema = z.looseObject({
  aud: z.string(),
  azp: z.string(),
  scope: z.string(),
  iss: z.string(),
  iat: z.int(),
  exp: z.int(),
})
export type AppJwtClaims = z.infer<typeof AppJwtClaimsSchema>

/** The body of the ConsumerJWS request. Rule: EP-13. */
export const ConsumerRequestSchema = z.looseObject({ ext_consumer_id: z.string().min(1) })
export type ConsumerRequest = z.infer<typeof ConsumerRequestSchema>

/** The ConsumerJWS. Rule: EP-13. */
export const ConsumerResponseSchema = toReceived(SentConsumerResponseSchema)
export type ConsumerResponse = z.infer<typeof ConsumerResponseSchema>

/** The claims of a ConsumerJWS; it never expires. Rule: AUTH-4. */
export const ConsumerJwsClaimsSchema = z.strictObject({
  account_id: z.string(),
  ext_consumer_id: z.string(),
  lp_consumer_id: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ConsumerJwsClaims = z.infer<typeof ConsumerJwsClaimsSchema>

/** The header of an AppJWT and of a ConsumerJWS. Rules: AUTH-3, AUTH-4. */
export const TokenHeaderSchema = z.looseObject({
  alg: z.literal('RS256'),
  typ: z.literal('JWT'),
  kid: z.string().regex(/^appjwt-\d\d-\d\d-\d\d$/),
})
export type TokenHeader = z.infer<typeof TokenHeaderSchema>

import { z } from 'zod'

/** The form of the AppJWT request (EP-9); each field may stand in the query as well (EP-10). */
export const AppTokenRequestSchema = z.strictObject({
  v: z.string(),
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
})
export type AppTokenRequest = z.infer<typeof AppTokenRequestSchema>

/** The AppJWT; `expires_in` is in seconds. Rules: EP-9, EP-11. */
export const AppTokenResponseSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().optional(),
})
export type AppTokenResponse = z.infer<typeof AppTokenResponseSchema>

/** An error of the token endpoint, in the words of RFC 6749, 5.2. Rule: EP-12. */
export const AppTokenErrorSchema = z.strictObject({
  error: z.enum(['invalid_request', 'unsupported_grant_type', 'invalid_client']),
  error_description: z.string(),
})
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
export const ConsumerResponseSchema = z.strictObject({ token: z.string() })
export type ConsumerResponse = z.infer<typeof ConsumerResponseSchema>

/** The claims of a ConsumerJWS; it never expires. Rule: AUTH-4. */
export const ConsumerJwsClaimsSchema = z.strictObject({
  account_id: z.string(),
  ext_consumer_id: z.string(),
  lp_consumer_id: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ConsumerJwsClaims = z.infer<typeof ConsumerJwsClaimsSchema>

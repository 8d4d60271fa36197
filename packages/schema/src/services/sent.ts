import * as z from 'zod'

/** The AppJWT as the mock sends it. Rules: EP-9, EP-11. */
export const SentAppTokenResponseSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.enum(['Bearer']),
  expires_in: z.int().optional(),
})
export type SentAppTokenResponse = z.infer<typeof SentAppTokenResponseSchema>

/** An error of the token endpoint as the mock sends it. Rule: EP-12. */
export const SentAppTokenErrorSchema = z.strictObject({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
  error_description: z.string().optional(),
  error_uri: z.string().optional(),
})
export type SentAppTokenError = z.infer<typeof SentAppTokenErrorSchema>

/** The ConsumerJWS as the mock sends it. Rule: EP-13. */
export const SentConsumerResponseSchema = z.strictObject({ token: z.string() })
export type SentConsumerResponse = z.infer<typeof SentConsumerResponseSchema>

/** The host of a service as the mock sends it. Rule: EP-5. */
export const SentBaseUriSchema = z.strictObject({
  service: z.string(),
  account: z.string(),
  baseURI: z.string(),
})
export type SentBaseUri = z.infer<typeof SentBaseUriSchema>

/** All services of an account as the mock sends them. Rule: EP-6. */
export const SentBaseUrisResponseSchema = z.strictObject({ baseURIs: z.array(SentBaseUriSchema) })
export type SentBaseUrisResponse = z.infer<typeof SentBaseUrisResponseSchema>

/** One service as the mock sends it. Rule: EP-5. */
export const SentBaseUriResponseSchema = z.union([
  SentBaseUriSchema,
  SentBaseUrisResponseSchema,
  z.array(SentBaseUriSchema),
])
export type SentBaseUriResponse = z.infer<typeof SentBaseUriResponseSchema>

/** A session of an agent as the mock sends it. Rule: EP-18. */
export const SentAgentLoginResponseSchema = z.strictObject({
  bearer: z.string(),
  sessionTTl: z.string().regex(/^\d+$/),
  config: z.strictObject({ userId: z.string(), loginName: z.string(), isAdmin: z.boolean() }),
  csdsCollectionResponse: SentBaseUrisResponseSchema,
})
export type SentAgentLoginResponse = z.infer<typeof SentAgentLoginResponseSchema>

/** An app install as the mock sends it, its secret included. Rule: EP-19. */
export const SentAppInstallSchema = z.strictObject({
  client_name: z.string().optional(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  scope: z.string().optional(),
  logo_uri: z.string().optional(),
  capabilities: z.looseObject({}).optional(),
  client_id: z.string(),
  client_secret: z.string().optional(),
  id: z.string(),
  client_id_issued_at: z.int().optional(),
  client_secret_expires_at: z.int().optional(),
  deleted: z.boolean().optional(),
})
export type SentAppInstall = z.infer<typeof SentAppInstallSchema>

/** The app installs of an account as the mock sends them. Rule: EP-19. */
export const SentAppInstallsSchema = z.array(SentAppInstallSchema)

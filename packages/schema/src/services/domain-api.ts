import * as z from 'zod'

/** The services that the Domain API names. Rule: EP-8. */
export const serviceNames = [
  'asyncMessagingEnt',
  'sentinel',
  'idp',
  'swift',
  'accountConfigReadWrite',
  'msgHist',
  'agentVep',
  'messagingRestApiDomain',
  'faasGW',
  'faasUI',
  'facadeMsg',
  'appMgmtSvcDomain',
  'agentManagerWorkspace',
] as const

/** One of {@link serviceNames}. */
export type ServiceName = (typeof serviceNames)[number]

/** The host of a service for an account; `baseURI` has no scheme. Rule: EP-5. */
export const BaseUriSchema = z.strictObject({
  service: z.string(),
  account: z.string(),
  baseURI: z.string(),
})
export type BaseUri = z.infer<typeof BaseUriSchema>

/** All services of an account. Rule: EP-6. */
export const BaseUrisResponseSchema = z.strictObject({ baseURIs: z.array(BaseUriSchema) })
export type BaseUrisResponse = z.infer<typeof BaseUrisResponseSchema>

/** One service: an object, or one of the two lists that the public material shows. Rule: EP-5. */
export const BaseUriResponseSchema = z.union([
  BaseUriSchema,
  BaseUrisResponseSchema,
  z.array(BaseUriSchema),
])
export type BaseUriResponse = z.infer<typeof BaseUriResponseSchema>

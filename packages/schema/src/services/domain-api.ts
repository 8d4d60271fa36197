import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { SentBaseUriResponseSchema, SentBaseUriSchema, SentBaseUrisResponseSchema } from './sent.ts'

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
export const BaseUriSchema = toReceived(SentBaseUriSchema)
export type BaseUri = z.infer<typeof BaseUriSchema>

/** All services of an account. Rule: EP-6. */
export const BaseUrisResponseSchema = toReceived(SentBaseUrisResponseSchema)
export type BaseUrisResponse = z.infer<typeof BaseUrisResponseSchema>

/** One service: an object, or one of the two lists that the public material shows. Rule: EP-5. */
export const BaseUriResponseSchema = toReceived(SentBaseUriResponseSchema)
export type BaseUriResponse = z.infer<typeof BaseUriResponseSchema>

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

const localAddress =
  /^(?:127|10)(?:\.\d+){3}$|^192\.168\.\d+\.\d+$|^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$|^\[::1\]$|^\[f[cd][\da-f]{2}:/

const localDomain = /\.(?:localhost|local|internal|test)$/

/**
 * Whether a host may be called over plain http: loopback, private address ranges, names without a dot, and `.localhost`, `.local`,
 * `.internal`, `.test`. `hostname` is that of a `URL`, which writes addresses in one form. Rule: WH-13.
 *
 * @example
 * ```ts
 * import { allowsPlainHttp } from '@sendbox/schema'
 *
 * console.log(allowsPlainHttp(new URL('http://127.1:4020').hostname)) // true
 * console.log(allowsPlainHttp(new URL('http://connector.example').hostname)) // false
 * ```
 */
export const allowsPlainHttp = (hostname: string): boolean =>
  localAddress.test(hostname) ||
  localDomain.test(hostname) ||
  !(hostname.includes('.') || hostname.includes(':'))

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

const linkLocalAddress = /^169\.254(?:\.\d+){2}$|^\[fe[89ab][\da-f]:|^\[(?:::ffff:|64:ff9b::)a9fe:/

/** Fixed addresses and names of the metadata services of clouds. */
const metadataHosts: readonly string[] = [
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata',
  'metadata.goog',
  'metadata.google.internal',
]

/**
 * Whether a host is link-local or the metadata service of a cloud, which has credentials: no webhook may go there, over https neither.
 * `hostname` is that of a `URL`. Rule: WH-13.
 *
 * @example
 * ```ts
 * import { isMetadataHost } from '@sendbox/schema'
 *
 * console.log(isMetadataHost('169.254.169.254')) // true
 * ```
 */
export const isMetadataHost = (hostname: string): boolean =>
  linkLocalAddress.test(hostname) || metadataHosts.includes(hostname.replace(/\.$/, ''))

/**
 * Whether a host may be called over plain http: loopback, private address ranges, names without a dot, and `.localhost`, `.local`,
 * `.internal`, `.test`, but never to link-local addresses and metadata services. `hostname` is that of a `URL`, which writes addresses in one form. Rule: WH-13.
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
  !isMetadataHost(hostname) &&
  (localAddress.test(hostname) ||
    localDomain.test(hostname) ||
    !(hostname.includes('.') || hostname.includes(':')))

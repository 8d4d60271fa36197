import { AppJwtClaimsSchema, type AppTokenResponse, operations } from '@sendbox/schema'
import type { z } from 'zod'
import type { Transport } from '../call/attempt.ts'
import { performCall } from '../call/execute.ts'
import type { RunShared, ServiceDirectory } from './domains.ts'
import { type KeptValue, keepValue } from './single-flight.ts'

const renewBeforeMs = 60_000
const unknownLifeMs = 3_600_000

const LifeSchema = AppJwtClaimsSchema.pick({ exp: true, iat: true }).partial({ iat: true })

/** The `exp` and `iat` of a token, unverified: the service verifies, the client only plans ahead. */
function readLife(token: string): z.infer<typeof LifeSchema> | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    return LifeSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}

/** When a token is due to be renewed, in ms since the epoch. Rules: AUTH-3, EP-11. */
export function toRenewalMs(answer: AppTokenResponse, askedAtMs: number): number {
  const life = readLife(answer.access_token)
  if (life !== undefined) {
    const { exp, iat = exp } = life
    const renewalMs = exp * 1000 - renewBeforeMs
    // A new token that is due at once lives shortly, or by another clock, such as a frozen one.
    return renewalMs > askedAtMs ? renewalMs : askedAtMs + ((exp - iat) * 1000) / 2
  }
  if (answer.expires_in !== undefined) {
    return askedAtMs + answer.expires_in * 1000 - renewBeforeMs
  }
  return askedAtMs + unknownLifeMs
}

/** An AppJWT, and when another one is due. */
export interface AppJwt {
  readonly value: string
  readonly renewalMs: number
}

/** Who fetches AppJWTs, and by which clock they are renewed. */
export interface AppJwtSourceOptions {
  readonly transport: Transport
  readonly directory: ServiceDirectory
  readonly runShared: RunShared
  readonly clientId: string
  readonly clientSecret: string
}

/** Fetches the AppJWT when it is first needed, and renews it a minute before it expires. Rule: EP-9. */
export function createAppJwtSource(options: AppJwtSourceOptions): KeptValue<AppJwt> {
  const { transport, directory, runShared, clientId, clientSecret } = options
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret })
  const inForm = new URLSearchParams({ '': clientSecret }).toString().slice(1)
  const secrets = [clientSecret, encodeURIComponent(clientSecret), inForm]

  const findSentinel = async () => {
    const origins = await directory.get()
    const origin = directory.originOf(operations.appToken.service, origins)
    return { origins, origin, credentials: [] }
  }

  return keepValue(
    () =>
      runShared(async scope => {
        const askedAtMs = transport.now()
        const answer = await performCall(transport, scope, {
          operationId: 'appToken',
          purpose: 'Fetching an AppJWT',
          isRepeatable: true,
          grant: findSentinel,
          onFailure: (error, { origins }) => directory.learnFrom(error, origins),
          body: form.toString(),
          secrets,
        })
        return { value: answer.access_token, renewalMs: toRenewalMs(answer, askedAtMs) }
      }),
    ({ renewalMs }) => transport.now() < renewalMs,
  )
}

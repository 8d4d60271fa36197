import { AppJwtClaimsSchema, type AppTokenResponse, operations } from '@sendbox/schema'
import type { z } from 'zod'
import type { Transport } from '../call/attempt.ts'
import { executeWithRetry } from '../call/execute.ts'
import { createLruMap } from '../lru-map.ts'
import type { RunShared, ServiceDirectory } from './domains.ts'
import { type SingleFlight, singleFlight } from './single-flight.ts'

const renewBeforeMs = 60_000
const defaultLifetimeMs = 3_600_000

const LifetimeSchema = AppJwtClaimsSchema.pick({ exp: true, iat: true }).partial({ iat: true })

/** Decodes `exp` and `iat` without verification: only the service verifies tokens. */
function readLifetime(token: string): z.infer<typeof LifetimeSchema> | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    return LifetimeSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}

/** When to renew a token, in ms since the epoch. Rules: AUTH-3, EP-11. */
export function toRenewalMs(response: AppTokenResponse, requestedAtMs: number): number {
  const lifetime = readLifetime(response.access_token)
  if (lifetime !== undefined) {
    const { exp, iat = exp } = lifetime
    const renewalMs = exp * 1000 - renewBeforeMs
    // A short-lived token, or one by another clock: half of its lifetime avoids a fetch per call.
    return renewalMs > requestedAtMs ? renewalMs : requestedAtMs + ((exp - iat) * 1000) / 2
  }
  if (response.expires_in !== undefined) {
    return requestedAtMs + response.expires_in * 1000 - renewBeforeMs
  }
  return requestedAtMs + defaultLifetimeMs
}

export interface AppJwt {
  readonly value: string
  /** When to renew it, in ms since the epoch. */
  readonly renewalMs: number
}

export interface AppJwtSourceOptions {
  readonly transport: Transport
  readonly directory: ServiceDirectory
  readonly runShared: RunShared
  readonly clientId: string
  readonly clientSecret: string
}

/** Caches the AppJWT and renews it a minute before it expires. Rule: EP-9. */
export function createAppJwtSource(options: AppJwtSourceOptions): SingleFlight<AppJwt> {
  const { transport, directory, runShared, clientId, clientSecret } = options
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret })
  const formEncodedSecret = new URLSearchParams({ '': clientSecret }).toString().slice(1)
  const secrets = [clientSecret, encodeURIComponent(clientSecret), formEncodedSecret]

  return singleFlight(
    () =>
      runShared(async scope => {
        const requestedAtMs = transport.now()
        const response = await executeWithRetry(transport, scope, {
          operationId: 'appToken',
          purpose: 'Fetching an AppJWT',
          idempotent: true,
          resolveEndpoint: () => directory.resolve(operations.appToken.service),
          onFailure: (error, { origins }) => directory.invalidateAfter(error, origins),
          body: form.toString(),
          secrets,
        })
        return { value: response.access_token, renewalMs: toRenewalMs(response, requestedAtMs) }
      }),
    ({ renewalMs }) => transport.now() < renewalMs,
  )
}

/** ConsumerJWS by ext_consumer_id. */
export interface ConsumerJwsSource {
  peek(extConsumerId: string): string | undefined
  get(extConsumerId: string): Promise<string>
  /** Drops a refused ConsumerJWS, unless a newer one has replaced it. */
  invalidate(extConsumerId: string, consumerJws: string): void
}

/** Caches the ConsumerJWS of `capacity` consumers; a ConsumerJWS never expires. Rule: AUTH-4. */
export function createConsumerJwsSource(
  fetchConsumerJws: (extConsumerId: string) => Promise<string>,
  capacity = 10_000,
): ConsumerJwsSource {
  const cache = createLruMap<SingleFlight<string>>(capacity)

  const add = (extConsumerId: string): SingleFlight<string> => {
    const entry = singleFlight(() => fetchConsumerJws(extConsumerId))
    cache.set(extConsumerId, entry)
    return entry
  }

  return {
    peek: extConsumerId => cache.get(extConsumerId)?.peek(),
    get: extConsumerId => (cache.get(extConsumerId) ?? add(extConsumerId)).get(),
    invalidate: (extConsumerId, consumerJws) => cache.get(extConsumerId)?.invalidate(consumerJws),
  }
}

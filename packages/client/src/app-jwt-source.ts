import { AppJwtClaimsSchema, type AppTokenResponse, operations } from '@sendbox/schema'
import { ApiError, appJwtRefused } from './api-error.ts'
import { callOperation, type Transport } from './call-operation.ts'
import { keepValue } from './keep-value.ts'
import type { ServiceDirectory } from './service-directory.ts'

const renewBeforeMs = 60_000
const unknownLifeMs = 3_600_000

const ExpirySchema = AppJwtClaimsSchema.pick({ exp: true })

/** The `exp` of a token in ms, unverified: the service verifies, the client only plans ahead. */
function readExpiryMs(token: string): number | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const claims = ExpirySchema.safeParse(JSON.parse(payload))
    return claims.success ? claims.data.exp * 1000 : undefined
  } catch {
    return undefined
  }
}

/** When a token is due to be renewed, in ms since the epoch. Rules: AUTH-3, EP-11. */
export function toRenewalMs(answer: AppTokenResponse, askedAtMs: number): number {
  const expiryMs = readExpiryMs(answer.access_token)
  if (expiryMs !== undefined) return expiryMs - renewBeforeMs
  if (answer.expires_in !== undefined) {
    return askedAtMs + answer.expires_in * 1000 - renewBeforeMs
  }
  return askedAtMs + unknownLifeMs
}

/** The AppJWT of a client. */
export interface AppJwtSource {
  /** Runs `call` with the AppJWT; one that the service refuses is not used again. */
  withAppJwt<Answer>(call: (appJwt: string) => Promise<Answer>): Promise<Answer>
}

/** Who fetches AppJWTs, and by which clock they are renewed. */
export interface AppJwtSourceOptions {
  readonly transport: Transport
  readonly directory: ServiceDirectory
  readonly clientId: string
  readonly clientSecret: string
  readonly now: () => number
}

/** Fetches the AppJWT when it is first needed, and renews it a minute before it expires. Rule: EP-9. */
export function createAppJwtSource(options: AppJwtSourceOptions): AppJwtSource {
  const { transport, directory, clientId, clientSecret, now } = options

  const fetchToken = (): Promise<AppTokenResponse> =>
    directory.withOrigin(operations.appToken.service, origin =>
      callOperation(transport, {
        operationId: 'appToken',
        purpose: 'Fetching an AppJWT',
        isRepeatable: true,
        origin,
        credentials: [],
        body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret }).toString(),
        secrets: [clientSecret],
      }),
    )

  const kept = keepValue(
    async () => {
      const askedAtMs = now()
      const answer = await fetchToken()
      return { appJwt: answer.access_token, renewalMs: toRenewalMs(answer, askedAtMs) }
    },
    ({ renewalMs }) => now() < renewalMs,
  )

  return {
    async withAppJwt(call) {
      const current = await kept.get()
      try {
        return await call(current.appJwt)
      } catch (error) {
        if (error instanceof ApiError && error.errorCode === appJwtRefused) kept.forget(current)
        throw error
      }
    },
  }
}

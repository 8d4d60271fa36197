import { createHash } from 'node:crypto'
import { type ConsumerJwsClaims, ConsumerJwsClaimsSchema } from '@sendbox/schema'
import type { CryptoKey, JWTPayload } from 'jose'
import { JOSEError } from 'jose/errors'
import { createLocalJWKSet } from 'jose/jwks/local'
import { compactVerify } from 'jose/jws/compact/verify'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { importJWK } from 'jose/key/import'
import { testPrivateJwk, testPublicJwk } from './test-key-pair.ts'

export const mandatoryAppJwtClaims = ['aud', 'azp', 'scope', 'iss', 'iat', 'exp'] as const

const header = { alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid }

/** Lifetime of an agent's bearer in seconds. Rule: EP-18. */
export const bearerLifetimeSeconds = 3600

/** The `typ` of an agent's bearer, which no AppJWT and no ConsumerJWS has. */
export const bearerType = 'agent-bearer+jwt'

/** Rules: AUTH-6, AUTH-8, AUTH-10. */
type AppJwtVerdict = 'valid' | 'invalid' | 'claimMissing'

/** The `lp_consumer_id` of a consumer, derived from account and `ext_consumer_id`. Rule: AUTH-4a. */
export const toLpConsumerId = (accountId: string, extConsumerId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([accountId, extConsumerId]))
    .digest('hex')

/** A token with a valid signature. */
export interface VerifiedToken {
  readonly token: string
  readonly claims: JWTPayload
  /** Whether it has all claims of an AppJWT. Rule: AUTH-8. */
  readonly isAppJwt: boolean
  /** Its claims as those of a ConsumerJWS, if it is one. */
  readonly consumer: ConsumerJwsClaims | undefined
}

/** Maximum number of cached tokens; the oldest are evicted. */
const maxCached = 10_000

/** The end of a token's signature: hashing the whole token, a new string with each call, takes longer than comparing it. */
const toKey = (token: string): string => token.slice(-32)

/** Whether it is between `nbf` and `exp`; the clock of an account also goes back. */
const isAlive = ({ claims: { nbf = 0, exp = Infinity } }: VerifiedToken, now: number): boolean => {
  const seconds = Math.floor(now / 1000)
  return nbf <= seconds && seconds < exp
}

/** Whether each part is the one base64url text of its bytes: no padding, no unused bits. Source: RFC 7515 section 2, RFC 4648 section 3.5. */
const isCanonical = (token: string): boolean =>
  token.split('.').every(part => Buffer.from(part, 'base64url').toString('base64url') === part)

const isComplete = (claims: JWTPayload): boolean =>
  mandatoryAppJwtClaims.every(name => claims[name] !== undefined) &&
  typeof claims.iss === 'string' &&
  claims.iss.toLowerCase() === 'sentinel'

/** Judges a token as the AppJWT of an account. Rules: AUTH-6, AUTH-8, AUTH-10. */
export function toAppJwtVerdict(
  verified: VerifiedToken | undefined,
  accountId: string,
): AppJwtVerdict {
  const { aud = accountId } = verified?.claims ?? {}
  if (verified === undefined || aud !== accountId) return 'invalid'
  return verified.isAppJwt ? 'valid' : 'claimMissing'
}

/** The claims of a token as a ConsumerJWS of an account, if it is one. Rules: AUTH-4, AUTH-6, AUTH-10. */
export const toConsumerClaims = (
  verified: VerifiedToken | undefined,
  accountId: string,
): ConsumerJwsClaims | undefined =>
  verified?.consumer?.account_id === accountId ? verified.consumer : undefined

/** Signs and checks AppJWTs and ConsumerJWSs with the published test key pair. */
export class TokenService {
  readonly #publicKeys = createLocalJWKSet({ keys: [testPublicJwk] })
  /** By the end of the signature. */
  readonly #verified = new Map<string, VerifiedToken>()
  #privateKey: Promise<CryptoKey | Uint8Array> | undefined

  async #sign(claims: JWTPayload, typ = header.typ): Promise<string> {
    this.#privateKey ??= importJWK(testPrivateJwk)
    return new SignJWT(claims).setProtectedHeader({ ...header, typ }).sign(await this.#privateKey)
  }

  /** A verified token from the cache; `undefined` where it is not cached or has expired. `now` is in ms since the epoch. */
  peek(token: string, now: number): VerifiedToken | undefined {
    const cached = this.#verified.get(toKey(token))
    return cached?.token === token && isAlive(cached, now) ? cached : undefined
  }

  /** Verifies signature and expiry, and caches a valid token; resolves with `undefined` for another. Rules: AUTH-6, AUTH-10. */
  async verify(token: string, now: number): Promise<VerifiedToken | undefined> {
    if (!isCanonical(token)) return undefined
    try {
      const { payload } = await jwtVerify(token, this.#publicKeys, {
        algorithms: ['RS256'],
        typ: 'JWT',
        currentDate: new Date(now),
      })
      return this.#cache(token, payload)
    } catch (error) {
      if (error instanceof JOSEError) return undefined
      throw error
    }
  }

  /** Whether the mock's key signed a token, expired or not. */
  async hasOwnSignature(token: string): Promise<boolean> {
    if (!isCanonical(token)) return false
    try {
      await compactVerify(token, this.#publicKeys, { algorithms: ['RS256'] })
      return true
    } catch (error) {
      if (error instanceof JOSEError) return false
      throw error
    }
  }

  #cache(token: string, claims: JWTPayload): VerifiedToken {
    const [oldest] = this.#verified.keys()
    if (oldest !== undefined && this.#verified.size >= maxCached) this.#verified.delete(oldest)
    const consumer = ConsumerJwsClaimsSchema.safeParse(claims).data
    const verified = { token, claims, isAppJwt: isComplete(claims), consumer }
    this.#verified.set(toKey(token), verified)
    return verified
  }

  /** Signs an AppJWT that is issued at `issuedAt`, in ms since the epoch. Rule: AUTH-3. */
  signAppJwt(
    accountId: string,
    clientId: string,
    { issuedAt, lifetimeSeconds }: { readonly issuedAt: number; readonly lifetimeSeconds: number },
  ): Promise<string> {
    const iat = Math.floor(issuedAt / 1000)
    return this.#sign({
      aud: accountId,
      azp: clientId,
      scope: 'msg.consumer',
      iss: 'Sentinel',
      iat,
      exp: iat + lifetimeSeconds,
    })
  }

  /** Rules: AUTH-4, AUTH-4a. */
  signConsumerJws(accountId: string, extConsumerId: string): Promise<string> {
    const claims: ConsumerJwsClaims = {
      account_id: accountId,
      ext_consumer_id: extConsumerId,
      lp_consumer_id: toLpConsumerId(accountId, extConsumerId),
    }
    return this.#sign({ ...claims })
  }

  /** Rule: EP-18. `now` is in ms since the epoch. */
  signBearer(accountId: string, userId: string, now: number): Promise<string> {
    const iat = Math.floor(now / 1000)
    const claims = { aud: accountId, sub: userId, iat, exp: iat + bearerLifetimeSeconds }
    return this.#sign(claims, bearerType)
  }

  /** Whether a text is the bearer of an agent of this account. Rule: EP-19. `now` is in ms since the epoch. */
  async isBearer(text: string, accountId: string, now: number): Promise<boolean> {
    const token = isCanonical(text) ? text : ''
    const options = { algorithms: ['RS256'], typ: bearerType, audience: accountId }
    try {
      await jwtVerify(token, this.#publicKeys, { ...options, currentDate: new Date(now) })
      return true
    } catch (error) {
      if (error instanceof JOSEError) return false
      throw error
    }
  }

  /** `now` is in ms since the epoch. */
  async checkAppJwt(token: string, accountId: string, now: number): Promise<AppJwtVerdict> {
    return toAppJwtVerdict(this.peek(token, now) ?? (await this.verify(token, now)), accountId)
  }

  /** Resolves with the claims of a valid ConsumerJWS of this account, else with `undefined`. */
  async readConsumerJws(
    token: string,
    accountId: string,
    now: number,
  ): Promise<ConsumerJwsClaims | undefined> {
    return toConsumerClaims(this.peek(token, now) ?? (await this.verify(token, now)), accountId)
  }
}

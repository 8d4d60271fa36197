import { createHash } from 'node:crypto'
import { type ConsumerJwsClaims, ConsumerJwsClaimsSchema } from '@sendbox/schema'
import type { CryptoKey, JWTPayload } from 'jose'
import { JOSEError } from 'jose/errors'
import { createLocalJWKSet } from 'jose/jwks/local'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { importJWK } from 'jose/key/import'
import { testPrivateJwk, testPublicJwk } from './test-key-pair.ts'

/** How long an AppJWT lives, in seconds. Rule: AUTH-3. */
export const appJwtLifetimeSeconds = 3600

const mandatoryAppJwtClaims = ['aud', 'azp', 'scope', 'iss', 'iat', 'exp'] as const

const header = { alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid }

/** Rules: AUTH-6, AUTH-8, AUTH-10. */
type AppJwtVerdict = 'valid' | 'invalid' | 'claimMissing'

/** The same consumer of the same account has the same id each time. Rule: AUTH-4a. */
export const toLpConsumerId = (accountId: string, extConsumerId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([accountId, extConsumerId]))
    .digest('hex')

/** A token whose signature was found good. */
interface VerifiedToken {
  readonly token: string
  readonly claims: JWTPayload
  /** Its claims as those of a ConsumerJWS, where it is one. */
  readonly consumer: ConsumerJwsClaims | undefined
}

/** How many verified tokens are remembered; the oldest go first. */
const maxCached = 10_000

/** The end of a token's signature: to hash all of the token, which is new text with each call, takes longer than to compare it. */
const toKey = (token: string): string => token.slice(-32)

const isAlive = ({ claims: { exp } }: VerifiedToken, now: number): boolean =>
  exp === undefined || Math.floor(now / 1000) < exp

function judge(claims: JWTPayload | undefined, accountId: string): AppJwtVerdict {
  if (claims === undefined) return 'invalid'
  if (claims.aud !== undefined && claims.aud !== accountId) return 'invalid'
  const isComplete = mandatoryAppJwtClaims.every(name => claims[name] !== undefined)
  const isFromSentinel = typeof claims.iss === 'string' && claims.iss.toLowerCase() === 'sentinel'
  return isComplete && isFromSentinel ? 'valid' : 'claimMissing'
}

/** Signs and checks AppJWTs and ConsumerJWSs with the published test key pair. */
export class TokenService {
  readonly #publicKeys = createLocalJWKSet({ keys: [testPublicJwk] })
  /** Tokens whose signature was found good, by the end of it. */
  readonly #verified = new Map<string, VerifiedToken>()
  #privateKey: Promise<CryptoKey | Uint8Array> | undefined

  async #sign(claims: JWTPayload): Promise<string> {
    this.#privateKey ??= importJWK(testPrivateJwk)
    return new SignJWT(claims).setProtectedHeader(header).sign(await this.#privateKey)
  }

  /** A verified token from the cache; `undefined` where it is not cached or has expired. `now` is in ms since the epoch. */
  peek(token: string, now: number): VerifiedToken | undefined {
    const cached = this.#verified.get(toKey(token))
    return cached?.token === token && isAlive(cached, now) ? cached : undefined
  }

  async #verify(token: string, now: number): Promise<VerifiedToken | undefined> {
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

  #cache(token: string, claims: JWTPayload): VerifiedToken {
    const [oldest] = this.#verified.keys()
    if (oldest !== undefined && this.#verified.size >= maxCached) this.#verified.delete(oldest)
    const verified = { token, claims, consumer: ConsumerJwsClaimsSchema.safeParse(claims).data }
    this.#verified.set(toKey(token), verified)
    return verified
  }

  /** Rule: AUTH-3. `now` is in ms since the epoch. */
  signAppJwt(accountId: string, clientId: string, now: number): Promise<string> {
    const iat = Math.floor(now / 1000)
    return this.#sign({
      aud: accountId,
      azp: clientId,
      scope: 'msg.consumer',
      iss: 'Sentinel',
      iat,
      exp: iat + appJwtLifetimeSeconds,
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

  /** `now` is in ms since the epoch. Rules: AUTH-6, AUTH-8, AUTH-10. */
  async checkAppJwt(token: string, accountId: string, now: number): Promise<AppJwtVerdict> {
    const verified = this.peek(token, now) ?? (await this.#verify(token, now))
    return judge(verified?.claims, accountId)
  }

  /** Resolves with the claims of a valid ConsumerJWS of this account, else with `undefined`. Rules: AUTH-4, AUTH-6, AUTH-10. */
  async readConsumerJws(
    token: string,
    accountId: string,
    now: number,
  ): Promise<ConsumerJwsClaims | undefined> {
    const verified = this.peek(token, now) ?? (await this.#verify(token, now))
    return verified?.consumer?.account_id === accountId ? verified.consumer : undefined
  }
}

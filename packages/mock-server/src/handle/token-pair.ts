import { z } from 'zod'
import { exampleConsumerId, type Services } from '../services.ts'

/** Both tokens of a consumer, ready for the `Authorization` and `X-LP-ON-BEHALF` headers. Rules: AUTH-1, AUTH-2. */
export const TokenPairSchema = z.object({ appJwt: z.string(), consumerJws: z.string() })
export type TokenPair = z.output<typeof TokenPairSchema>

/** For whom tokens are signed. */
export const TokenRequestSchema = z.strictObject({
  /**
   * The `ext_consumer_id`.
   * @default 'example-consumer'
   */
  consumer: z.string().min(1).default(exampleConsumerId),
  /**
   * How long the AppJWT is still good, in ms: it is one that was issued earlier, so at most its lifetime; 0 or less gives an expired one.
   * Rule: AUTH-3.
   * @default the lifetime of AppJWTs: an hour, setting `token.lifetimeSeconds`
   */
  expiresInMs: z.number().exactOptional(),
  /**
   * The client that the AppJWT names.
   * @default that of the first app install of the account
   */
  clientId: z.string().min(1).exactOptional(),
})
export type TokenRequest = z.input<typeof TokenRequestSchema>

/** The lifetime of an account's AppJWTs, in ms. */
export const lifetimeMsOf = ({ settings }: Services, accountId: string): number =>
  settings.of(accountId).token.lifetimeSeconds * 1000

/**
 * Signs both tokens of a consumer, without a call of the token endpoints; throws a `RangeError` for more than the lifetime of an AppJWT.
 * Rules: AUTH-3, AUTH-4.
 */
export async function signTokenPair(
  service: Services,
  accountId: string,
  { consumer = exampleConsumerId, expiresInMs, clientId }: TokenRequest,
): Promise<TokenPair> {
  const lifetimeMs = lifetimeMsOf(service, accountId)
  const remainingMs = expiresInMs ?? lifetimeMs
  if (!(remainingMs <= lifetimeMs))
    throw new RangeError(
      `expiresInMs must be ${lifetimeMs} or less, the lifetime of an AppJWT, not ${expiresInMs}`,
    )
  const issuedAt = service.clocks.now(accountId) - (lifetimeMs - remainingMs)
  const azp = clientId ?? service.installs.of(accountId).clientId
  return {
    appJwt: await service.tokens.signAppJwt(accountId, azp, {
      issuedAt,
      lifetimeSeconds: lifetimeMs / 1000,
    }),
    consumerJws: await service.tokens.signConsumerJws(accountId, consumer),
  }
}

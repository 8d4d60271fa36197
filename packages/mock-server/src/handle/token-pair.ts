import { z } from 'zod'
import { exampleConsumerId, type Services } from '../services.ts'
import { appJwtLifetimeSeconds } from '../tokens/token-service.ts'

const lifetimeMs = appJwtLifetimeSeconds * 1000

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
   * How long the AppJWT is still good, in ms: it is one that was issued earlier, so at most an hour; 0 or less gives an expired one. Rule: AUTH-3.
   * @default 3_600_000
   */
  expiresInMs: z.number().max(lifetimeMs).default(lifetimeMs),
  /**
   * The client that the AppJWT names.
   * @default that of the first app install of the account
   */
  clientId: z.string().min(1).exactOptional(),
})
export type TokenRequest = z.input<typeof TokenRequestSchema>

/** Signs both tokens of a consumer, without a call of the token endpoints; throws a `RangeError` for more than an hour. Rules: AUTH-3, AUTH-4. */
export async function signTokenPair(
  service: Services,
  accountId: string,
  { consumer = exampleConsumerId, expiresInMs = lifetimeMs, clientId }: TokenRequest,
): Promise<TokenPair> {
  if (!(expiresInMs <= lifetimeMs))
    throw new RangeError(
      `expiresInMs must be ${lifetimeMs} or less, as an AppJWT lives an hour, not ${expiresInMs}`,
    )
  const issuedAt = service.clocks.now(accountId) - (lifetimeMs - expiresInMs)
  const azp = clientId ?? service.installs.of(accountId).clientId
  return {
    appJwt: await service.tokens.signAppJwt(accountId, azp, issuedAt),
    consumerJws: await service.tokens.signConsumerJws(accountId, consumer),
  }
}

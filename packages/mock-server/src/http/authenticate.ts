import { type ConsumerJwsClaims, errorCodes } from '@sendbox/schema'
import type { Request } from 'express'
import {
  type TokenService,
  toAppJwtVerdict,
  toConsumerClaims,
  type VerifiedToken,
} from '../tokens/token-service.ts'
import { type Result, refuse } from './response.ts'

type Headers = Pick<Request, 'get'>

/** The account and the time that tokens are checked for. */
interface TokenChecks {
  readonly accountId: string
  readonly tokens: TokenService
  /** In ms since the epoch. */
  readonly now: number
}

const passed: Result<undefined> = { ok: true, value: undefined }

const refusals = {
  valid: passed,
  invalid: refuse(errorCodes.invalidAppJwt),
  claimMissing: refuse(errorCodes.missingParameter),
} as const

/** The AppJWT of a request, bare or after `Bearer`; empty where there is none. Rule: AUTH-1. */
const readAppJwt = (request: Headers): string =>
  request.get('authorization')?.replace(/^Bearer +/i, '') ?? ''

/** The client that the AppJWT of an authenticated call names. Rule: AUTH-3. */
export function readClientId(
  request: Headers,
  { tokens, now }: Omit<TokenChecks, 'accountId'>,
): string | undefined {
  const azp = tokens.peek(readAppJwt(request), now)?.claims['azp']
  return typeof azp === 'string' ? azp : undefined
}

const toApp = (
  token: string,
  verified: VerifiedToken | undefined,
  accountId: string,
): Result<undefined> =>
  token ? refusals[toAppJwtVerdict(verified, accountId)] : refuse(errorCodes.missingAppJwt)

function toConsumer(
  token: string,
  verified: VerifiedToken | undefined,
  accountId: string,
): Result<ConsumerJwsClaims> {
  const claims = toConsumerClaims(verified, accountId)
  if (claims) return { ok: true, value: claims }
  return refuse(token ? errorCodes.invalidConsumerJws : errorCodes.missingConsumerJws)
}

/** The consumer of a call that was refused, if its ConsumerJWS was good. */
export const peekConsumer = (
  request: Headers,
  { accountId, tokens, now }: TokenChecks,
): ConsumerJwsClaims | undefined =>
  toConsumerClaims(tokens.peek(request.get('x-lp-on-behalf') ?? '', now), accountId)

/** Checks the AppJWT. Rules: AUTH-1, AUTH-6, AUTH-8, AUTH-10, AUTH-11. */
export async function authenticateApp(
  request: Headers,
  { accountId, tokens, now }: TokenChecks,
): Promise<Result<undefined>> {
  const token = readAppJwt(request)
  return toApp(token, tokens.peek(token, now) ?? (await tokens.verify(token, now)), accountId)
}

/** Checks both tokens, and reads which consumer the call acts for. Rules: AUTH-2, AUTH-6, AUTH-10, AUTH-11. */
export async function authenticateConsumer(
  request: Headers,
  { accountId, tokens, now }: TokenChecks,
): Promise<Result<ConsumerJwsClaims>> {
  const appJwt = readAppJwt(request)
  const consumerJws = request.get('x-lp-on-behalf') ?? ''
  const verifiedApp = tokens.peek(appJwt, now) ?? (await tokens.verify(appJwt, now))
  const verifiedConsumer = tokens.peek(consumerJws, now) ?? (await tokens.verify(consumerJws, now))
  const app = toApp(appJwt, verifiedApp, accountId)
  const consumer = toConsumer(consumerJws, verifiedConsumer, accountId)
  if (app.ok) return consumer
  return consumer.ok ? app : { ok: false, refusal: { ...app.refusal, rules: ['AUTH-11'] } }
}

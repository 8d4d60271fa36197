import { type ConsumerJwsClaims, errorCodes } from '@sendbox/schema'
import type { Request } from 'express'
import type { TokenService } from '../tokens/token-service.ts'
import { type Result, refuse } from './response.ts'

const passed: Result<undefined> = { ok: true, value: undefined }

type Headers = Pick<Request, 'get'>

/** When and by whom the tokens of a call are checked. */
interface TokenChecks {
  readonly accountId: string
  readonly tokens: TokenService
  /** In ms since the epoch. */
  readonly now: number
}

/** Checks the AppJWT, which comes bare or after `Bearer`. Rules: AUTH-1, AUTH-6, AUTH-8, AUTH-10, AUTH-11. */
export async function authenticateApp(
  request: Headers,
  { accountId, tokens, now }: TokenChecks,
): Promise<Result<undefined>> {
  const authorization = request.get('authorization')
  if (!authorization) return refuse(errorCodes.missingAppJwt)
  const verdict = await tokens.checkAppJwt(authorization.replace(/^Bearer +/i, ''), accountId, now)
  if (verdict === 'invalid') return refuse(errorCodes.invalidAppJwt)
  return verdict === 'valid' ? passed : refuse(errorCodes.missingParameter)
}

async function readConsumer(
  request: Headers,
  { accountId, tokens, now }: TokenChecks,
): Promise<Result<ConsumerJwsClaims>> {
  const token = request.get('x-lp-on-behalf')
  if (!token) return refuse(errorCodes.missingConsumerJws)
  const claims = await tokens.readConsumerJws(token, accountId, now)
  return claims ? { ok: true, value: claims } : refuse(errorCodes.invalidConsumerJws)
}

/** Checks both tokens, and reads which consumer the call acts for. Rules: AUTH-2, AUTH-6, AUTH-10, AUTH-11. */
export async function authenticateConsumer(
  request: Headers,
  checks: TokenChecks,
): Promise<Result<ConsumerJwsClaims>> {
  const app = await authenticateApp(request, checks)
  const consumer = await readConsumer(request, checks)
  if (app.ok) return consumer
  return consumer.ok ? app : { ok: false, refusal: { ...app.refusal, rules: ['AUTH-11'] } }
}

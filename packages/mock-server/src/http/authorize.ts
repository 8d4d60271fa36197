import type { ConsumerJwsClaims } from '@sendbox/schema'
import type { Request } from 'express'
import type { Service } from '../service.ts'
import { type Checked, refusal } from './answer.ts'

/** A header that is there and not empty. */
const readHeader = (request: Pick<Request, 'get'>, name: string): string | undefined =>
  request.get(name) || undefined

/** The AppJWT comes bare or after `Bearer`. Rule: AUTH-1. */
const withoutScheme = (authorization: string): string => authorization.replace(/^Bearer +/i, '')

/** Checks the AppJWT of a request for an account. Rules: AUTH-1, AUTH-6, AUTH-8, AUTH-10, AUTH-11. */
export async function authorizeApp(
  request: Pick<Request, 'get'>,
  accountId: string,
  service: Service,
): Promise<Checked<undefined>> {
  const authorization = readHeader(request, 'authorization')
  if (authorization === undefined) return refusal(40105)
  const token = withoutScheme(authorization)
  const verdict = await service.tokens.checkAppJwt(
    token,
    accountId,
    service.clocks.of(accountId).now(),
  )
  if (verdict === 'invalid') return refusal(40102)
  if (verdict === 'claimMissing') return refusal(40001)
  return { ok: true, value: undefined }
}

async function readConsumer(
  request: Pick<Request, 'get'>,
  accountId: string,
  { tokens, clocks }: Service,
): Promise<Checked<ConsumerJwsClaims>> {
  const token = readHeader(request, 'x-lp-on-behalf')
  if (token === undefined) return refusal(40104)
  const claims = await tokens.readConsumerJws(token, accountId, clocks.of(accountId).now())
  return claims ? { ok: true, value: claims } : refusal(40103)
}

/** Checks both tokens, and reads of which consumer the call is. Rules: AUTH-2, AUTH-6, AUTH-10, AUTH-11. */
export async function authorizeConsumer(
  request: Pick<Request, 'get'>,
  accountId: string,
  service: Service,
): Promise<Checked<ConsumerJwsClaims>> {
  const app = await authorizeApp(request, accountId, service)
  const consumer = await readConsumer(request, accountId, service)
  if (app.ok) return consumer
  if (consumer.ok) return app
  return { ok: false, refusal: { ...app.refusal, rules: ['AUTH-11'] } }
}

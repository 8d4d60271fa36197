import type { ConsumerJwsClaims } from '@sendbox/schema'
import type { Request } from 'express'
import type { Services } from '../services.ts'
import { type Soon, whenThere } from '../soon.ts'
import { type Result, refuse } from './response.ts'

/** A header that is there and not empty. */
const readHeader = (request: Pick<Request, 'get'>, name: string): string | undefined =>
  request.get(name) || undefined

/** The AppJWT comes bare or after `Bearer`. Rule: AUTH-1. */
const withoutScheme = (authorization: string): string => authorization.replace(/^Bearer +/i, '')

/** Checks the AppJWT of a request for an account; `now` is in ms since the epoch. Rules: AUTH-1, AUTH-6, AUTH-8, AUTH-10, AUTH-11. */
export function authorizeApp(
  request: Pick<Request, 'get'>,
  accountId: string,
  { tokens }: Services,
  now: number,
): Soon<Result<undefined>> {
  const authorization = readHeader(request, 'authorization')
  if (authorization === undefined) return refuse(40105)
  return whenThere(
    tokens.checkAppJwt(withoutScheme(authorization), accountId, now),
    (verdict): Result<undefined> => {
      if (verdict === 'invalid') return refuse(40102)
      if (verdict === 'claimMissing') return refuse(40001)
      return { ok: true, value: undefined }
    },
  )
}

function readConsumer(
  request: Pick<Request, 'get'>,
  accountId: string,
  { tokens }: Services,
  now: number,
): Soon<Result<ConsumerJwsClaims>> {
  const token = readHeader(request, 'x-lp-on-behalf')
  if (token === undefined) return refuse(40104)
  return whenThere(
    tokens.readConsumerJws(token, accountId, now),
    (claims): Result<ConsumerJwsClaims> => (claims ? { ok: true, value: claims } : refuse(40103)),
  )
}

/** Checks both tokens, and reads of which consumer the call is; `now` is in ms since the epoch. Rules: AUTH-2, AUTH-6, AUTH-10, AUTH-11. */
export const authorizeConsumer = (
  request: Pick<Request, 'get'>,
  accountId: string,
  service: Services,
  now: number,
): Soon<Result<ConsumerJwsClaims>> =>
  whenThere(authorizeApp(request, accountId, service, now), app =>
    whenThere(
      readConsumer(request, accountId, service, now),
      (consumer): Result<ConsumerJwsClaims> => {
        if (app.ok) return consumer
        if (consumer.ok) return app
        return { ok: false, refusal: { ...app.refusal, rules: ['AUTH-11'] } }
      },
    ),
  )

import type { ConsumerJwsClaims } from '@sendbox/schema'
import type { Request } from 'express'
import type { Service } from '../services.ts'
import { type Soon, whenThere } from '../soon.ts'
import { type Checked, refusal } from './response.ts'

/** A header that is there and not empty. */
const readHeader = (request: Pick<Request, 'get'>, name: string): string | undefined =>
  request.get(name) || undefined

/** The AppJWT comes bare or after `Bearer`. Rule: AUTH-1. */
const withoutScheme = (authorization: string): string => authorization.replace(/^Bearer +/i, '')

/** Checks the AppJWT of a request for an account; `now` is in ms since the epoch. Rules: AUTH-1, AUTH-6, AUTH-8, AUTH-10, AUTH-11. */
export function authorizeApp(
  request: Pick<Request, 'get'>,
  accountId: string,
  { tokens }: Service,
  now: number,
): Soon<Checked<undefined>> {
  const authorization = readHeader(request, 'authorization')
  if (authorization === undefined) return refusal(40105)
  return whenThere(
    tokens.checkAppJwt(withoutScheme(authorization), accountId, now),
    (verdict): Checked<undefined> => {
      if (verdict === 'invalid') return refusal(40102)
      if (verdict === 'claimMissing') return refusal(40001)
      return { ok: true, value: undefined }
    },
  )
}

function readConsumer(
  request: Pick<Request, 'get'>,
  accountId: string,
  { tokens }: Service,
  now: number,
): Soon<Checked<ConsumerJwsClaims>> {
  const token = readHeader(request, 'x-lp-on-behalf')
  if (token === undefined) return refusal(40104)
  return whenThere(
    tokens.readConsumerJws(token, accountId, now),
    (claims): Checked<ConsumerJwsClaims> => (claims ? { ok: true, value: claims } : refusal(40103)),
  )
}

/** Checks both tokens, and reads of which consumer the call is; `now` is in ms since the epoch. Rules: AUTH-2, AUTH-6, AUTH-10, AUTH-11. */
export const authorizeConsumer = (
  request: Pick<Request, 'get'>,
  accountId: string,
  service: Service,
  now: number,
): Soon<Checked<ConsumerJwsClaims>> =>
  whenThere(authorizeApp(request, accountId, service, now), app =>
    whenThere(
      readConsumer(request, accountId, service, now),
      (consumer): Checked<ConsumerJwsClaims> => {
        if (app.ok) return consumer
        if (consumer.ok) return app
        return { ok: false, refusal: { ...app.refusal, rules: ['AUTH-11'] } }
      },
    ),
  )

import { z } from 'zod'
import {
  lifetimeMsOf,
  signTokenPair,
  TokenPairSchema,
  TokenRequestSchema,
} from '../../handle/token-pair.ts'
import { ControlRefusalSchema, defineControlOperation } from '../operation.ts'
import { checkControlInput } from '../read-call.ts'

export const signTokens = defineControlOperation({
  id: 'signTokens',
  method: 'POST',
  path: '/accounts/{accountId}/tokens',
  summary:
    'Signs an AppJWT and the ConsumerJWS of a consumer, `example-consumer` by default, without the token endpoints; `expiresInMs` up to the lifetime of an AppJWT, 0 for an expired one',
  body: TokenRequestSchema.prefault({}),
  responses: { 200: TokenPairSchema, 400: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, body }, services) {
    const remaining = z.number().max(lifetimeMsOf(services, accountId))
    const checked = checkControlInput(
      TokenRequestSchema.extend({ expiresInMs: remaining.exactOptional() }),
      body,
      services.installs.secretsOf(accountId),
    )
    if (!checked.ok) return checked.refusal
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      body: await signTokenPair(services, accountId, body),
    }
  },
})

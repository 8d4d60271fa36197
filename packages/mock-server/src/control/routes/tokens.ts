import { signTokenPair, TokenPairSchema, TokenRequestSchema } from '../../handle/token-pair.ts'
import { defineControlOperation } from '../operation.ts'

export const signTokens = defineControlOperation({
  id: 'signTokens',
  method: 'POST',
  path: '/accounts/{accountId}/tokens',
  summary:
    'Signs an AppJWT and the ConsumerJWS of a consumer, `example-consumer` by default, without the token endpoints; `expiresInMs` up to an hour, 0 for an expired AppJWT',
  body: TokenRequestSchema.prefault({}),
  responses: { 200: TokenPairSchema },
  handle: async ({ params: { accountId = '' }, body }, services) => ({
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: await signTokenPair(services, accountId, body),
  }),
})

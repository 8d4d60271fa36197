import { ConsumerRequestSchema, type ConsumerResponse } from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import { authorizeApp } from '../authenticate.ts'
import type { Call } from '../call.ts'
import { type ServiceResponse, toErrorResponse } from '../response.ts'

/** Answers the ConsumerJWS call. Rules: EP-13, EP-14. */
export async function consumer(
  { request, accountId, json: payload, notes }: Call,
  service: Services,
): Promise<ServiceResponse> {
  const now = service.clocks.of(accountId).now()
  const app = await authorizeApp(request, accountId, service, now)
  if (!app.ok) return toErrorResponse(app.refusal, service.settings)
  if (!payload.ok) return toErrorResponse(payload.refusal, service.settings)
  const parsed = ConsumerRequestSchema.safeParse(payload.value)
  if (!parsed.success)
    return toErrorResponse(
      {
        errorCode: 40052,
        params: { pointer: '/ext_consumer_id', expected: 'a string that is not empty' },
        rules: ['EP-14.2'],
      },
      service.settings,
    )
  notes.extConsumerId = parsed.data.ext_consumer_id
  notes.consumerId = toLpConsumerId(accountId, parsed.data.ext_consumer_id)
  const token = await service.tokens.signConsumerJws(accountId, parsed.data.ext_consumer_id)
  return {
    status: 201,
    body: { token } satisfies ConsumerResponse,
    rules: [request.query['v'] === undefined ? 'EP-14.1' : 'EP-13', 'AUTH-4'],
  }
}

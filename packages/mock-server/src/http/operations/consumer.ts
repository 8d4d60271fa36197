import { ConsumerRequestSchema, type ConsumerResponse, errorCodes } from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import { authenticateApp } from '../authenticate.ts'
import type { Call } from '../call.ts'
import { type ServiceResponse, toErrorResponse } from '../response.ts'

/** Responds to the ConsumerJWS call. Rules: EP-13, EP-14. */
export async function consumer(
  { request, accountId, json: payload }: Call,
  { clocks, settings, tokens }: Services,
): Promise<ServiceResponse> {
  const now = clocks.of(accountId).now()
  const app = await authenticateApp(request, { accountId, tokens, now })
  if (!app.ok) return toErrorResponse(app.refusal, settings)
  if (!payload.ok) return toErrorResponse(payload.refusal, settings)
  const parsed = ConsumerRequestSchema.safeParse(payload.value)
  if (!parsed.success)
    return toErrorResponse(
      {
        errorCode: errorCodes.invalidPayload,
        params: { pointer: '/ext_consumer_id', expected: 'a string that is not empty' },
        rules: ['EP-14.2'],
      },
      settings,
    )
  const extConsumerId = parsed.data.ext_consumer_id
  const token = await tokens.signConsumerJws(accountId, extConsumerId)
  return {
    status: 201,
    body: { token } satisfies ConsumerResponse,
    rules: [request.query['v'] === undefined ? 'EP-14.1' : 'EP-13', 'AUTH-4'],
    facts: { extConsumerId, consumerId: toLpConsumerId(accountId, extConsumerId) },
  }
}

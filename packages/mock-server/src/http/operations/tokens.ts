import {
  type AppTokenError,
  type AppTokenResponse,
  ConsumerRequestSchema,
  type ConsumerResponse,
  errorCodes,
  type RuleId,
} from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { appJwtLifetimeSeconds, toLpConsumerId } from '../../tokens/token-service.ts'
import { authenticateApp } from '../authenticate.ts'
import type { Call } from '../call.ts'
import { type ServiceResponse, toErrorResponse } from '../response.ts'

/** RFC 6749, 5.1: no cache may store tokens or refusals. */
const headers = { 'Cache-Control': 'no-store', Pragma: 'no-cache' }

const refuse = (
  status: number,
  error: AppTokenError['error'],
  error_description: string,
): ServiceResponse => ({
  status,
  headers,
  body: { error, error_description } satisfies AppTokenError,
  rules: ['EP-12.1', 'EP-12.2'],
})

/** All different values of a parameter, in the query and in the form. Rule: EP-10. */
const valuesOf = (name: string, sources: readonly URLSearchParams[]): string[] => [
  ...new Set(sources.flatMap(source => source.getAll(name))),
]

/** The fields of a form; a body of another type has none. Rule: EP-10. */
function readFormFields({ request, bytes }: Call): URLSearchParams | undefined {
  if (!bytes.ok) return undefined
  const isForm = request.is('application/x-www-form-urlencoded')
  return new URLSearchParams(isForm ? new TextDecoder().decode(bytes.value) : '')
}

/** Responds to the AppJWT call by the client credentials grant. Rules: EP-9, EP-10, EP-11, EP-12. */
export async function appToken(call: Call, services: Services): Promise<ServiceResponse> {
  const { request, accountId } = call
  const form = readFormFields(call)
  if (form === undefined) return refuse(400, 'invalid_request', 'The form cannot be read')
  const sources = [new URL(request.originalUrl, 'http://sendbox').searchParams, form]
  const grantTypes = valuesOf('grant_type', sources)
  const clientIds = valuesOf('client_id', sources)
  const clientSecrets = valuesOf('client_secret', sources)
  if ([grantTypes, clientIds, clientSecrets].some(values => values.length > 1))
    return refuse(400, 'invalid_request', 'A parameter is given twice with different values')
  const [grantType] = grantTypes
  if (!grantType) return refuse(400, 'invalid_request', 'grant_type is missing')
  if (grantType !== 'client_credentials')
    return refuse(400, 'unsupported_grant_type', 'grant_type must be client_credentials')
  const install = services.installs.find(accountId, clientIds[0], clientSecrets[0])
  if (install === undefined)
    return refuse(401, 'invalid_client', 'client_id or client_secret is missing or wrong')

  const body: AppTokenResponse = {
    access_token: await services.tokens.signAppJwt(
      accountId,
      install.clientId,
      services.clocks.of(accountId).now(),
    ),
    token_type: 'Bearer',
    ...(services.settings.token.expiresIn && { expires_in: appJwtLifetimeSeconds }),
  }
  const rules: RuleId[] = [
    'EP-9',
    'AUTH-3',
    ...(body.expires_in === undefined ? [] : ['EP-11' as const]),
  ]
  return { status: 200, headers, body, rules }
}

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

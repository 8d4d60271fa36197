import type { AppTokenError, AppTokenResponse, RuleId } from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { appJwtLifetimeSeconds } from '../../tokens/token-service.ts'
import type { Call } from '../call.ts'
import type { ServiceResponse } from '../response.ts'

/** RFC 6749, 5.1: neither tokens nor refusals may be kept by caches. */
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

/** Responds the AppJWT call by the client credentials grant. Rules: EP-9, EP-10, EP-11, EP-12. */
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

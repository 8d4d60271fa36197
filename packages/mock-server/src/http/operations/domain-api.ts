import { type BaseUri, errorCodes, operations, serviceNames } from '@sendbox/schema'
import type { Services } from '../../services.ts'
import type { Call } from '../call.ts'
import { type Result, refuse, type ServiceResponse, toErrorResponse } from '../response.ts'

/** Rule: EP-7. */
function checkAccount({ request, accountId }: Call, services: Services): Result<undefined> {
  const { version } = operations.baseUris.query
  if (request.query['version'] !== version) return refuse(errorCodes.wrongVersion, { version })
  const { unknownAccounts } = services.settings.domainApi
  return unknownAccounts.includes(accountId)
    ? refuse(errorCodes.unknownAccount)
    : { ok: true, value: undefined }
}

/** Every service has the host and port of the request. Rule: EP-5. */
const toBaseUri = (service: string, { request, accountId }: Call): BaseUri => ({
  service,
  account: accountId,
  baseURI: request.get('host') ?? `${request.socket.localAddress}:${request.socket.localPort}`,
})

/** Responds with the base URIs of all services of an account. Rules: EP-6, EP-8. */
export async function baseUris(call: Call, services: Services): Promise<ServiceResponse> {
  const account = checkAccount(call, services)
  if (!account.ok) return toErrorResponse(account.refusal, services.settings)
  return {
    status: 200,
    body: { baseURIs: serviceNames.map(name => toBaseUri(name, call)) },
    rules: [call.request.path.endsWith('.json') ? 'EP-6.1' : 'EP-6.2', 'EP-8.1'],
  }
}

/** Responds with the base URI of one service of an account. Rules: EP-5, EP-7, EP-8. */
export async function baseUri(call: Call, services: Services): Promise<ServiceResponse> {
  const account = checkAccount(call, services)
  if (!account.ok) return toErrorResponse(account.refusal, services.settings)
  const { serviceName = '' } = call.request.params
  if (!serviceNames.some(name => name === serviceName))
    return toErrorResponse(
      { errorCode: errorCodes.serviceNotFound, params: { service: serviceName } },
      services.settings,
    )
  const found = toBaseUri(serviceName, call)
  const bodies = { object: found, baseURIs: { baseURIs: [found] }, array: [found] }
  const body = bodies[services.settings.domainApi.single]
  return { status: 200, body, rules: ['EP-5.1', 'EP-5.2', 'EP-8.1'] }
}

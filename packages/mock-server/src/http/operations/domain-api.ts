import {
  errorCodes,
  operations,
  type RuleId,
  type SentBaseUri,
  type SentBaseUrisResponse,
  type ServiceName,
  serviceNames,
} from '@sendbox/schema'
import { isKnown } from '../../model/evidence.ts'
import type { Call } from '../call.ts'
import { type Result, refuse, type ServiceResponse, toErrorResponse } from '../response.ts'

/** Rule: EP-7. */
function checkAccount({ request, accountId, settings }: Call): Result<undefined> {
  const { version } = operations.baseUris.query
  if (request.query['version'] !== version) return refuse(errorCodes.wrongVersion, { version })
  const { unknownAccounts } = settings.domainApi
  return unknownAccounts.includes(accountId)
    ? refuse(errorCodes.unknownAccount)
    : { ok: true, value: undefined }
}

/** Every service has the host and port of the request. Rule: EP-5. */
const toBaseUri = (service: string, { request, accountId }: Call): SentBaseUri => ({
  service,
  account: accountId,
  baseURI: request.get('host') ?? `${request.socket.localAddress}:${request.socket.localPort}`,
})

const otherRules: Partial<Record<ServiceName, RuleId>> = {
  messagingRestApiDomain: 'EP-8.3',
  faasGW: 'EP-8.4',
  faasUI: 'EP-8.4',
  facadeMsg: 'EP-8.4',
  appMgmtSvcDomain: 'EP-8.4',
  agentManagerWorkspace: 'EP-8.4',
}

const ruleOf = (name: ServiceName): RuleId => otherRules[name] ?? 'EP-8.1'

/** The services that are known by the evidence that the settings ask for. Rule: EP-8. */
const knownServices = ({ settings: { minEvidence } }: Call): ServiceName[] =>
  serviceNames.filter(name => isKnown([ruleOf(name)], minEvidence))

/** The base URIs of an account's services. Rules: EP-6, EP-8. */
export const toBaseUris = (call: Call): SentBaseUrisResponse => ({
  baseURIs: knownServices(call).map(name => toBaseUri(name, call)),
})

/** Responds with the base URIs of all services of an account. Rules: EP-6, EP-8. */
export async function baseUris(call: Call): Promise<ServiceResponse> {
  const account = checkAccount(call)
  if (!account.ok) return toErrorResponse(account.refusal, call.settings)
  return {
    status: 200,
    body: toBaseUris(call),
    rules: [
      call.request.path.endsWith('.json') ? 'EP-6.1' : 'EP-6.2',
      ...new Set(knownServices(call).map(ruleOf)),
    ],
  }
}

/** Responds with the base URI of one service of an account. Rules: EP-5, EP-7, EP-8. */
export async function baseUri(call: Call): Promise<ServiceResponse> {
  const account = checkAccount(call)
  if (!account.ok) return toErrorResponse(account.refusal, call.settings)
  const { serviceName = '' } = call.request.params
  const name = serviceNames.find(each => each === serviceName)
  if (name === undefined)
    return toErrorResponse(
      { errorCode: errorCodes.serviceNotFound, params: { service: serviceName } },
      call.settings,
    )
  const found = toBaseUri(name, call)
  const bodies = { object: found, baseURIs: { baseURIs: [found] }, array: [found] }
  const body = bodies[call.settings.domainApi.single]
  return { status: 200, body, rules: ['EP-5.1', 'EP-5.2', ruleOf(name)] }
}

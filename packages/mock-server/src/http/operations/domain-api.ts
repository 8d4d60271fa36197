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
import { serviceHosts } from '../../service-domains.ts'
import { hostForm } from '../admission.ts'
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

/** The host of the first proxy of a request, without the port that its scheme implies; `undefined` where none is named. Rule: EP-5.3. */
function toForwardedHost({ headers }: Call['request']): string | undefined {
  const [host = '', scheme = ''] = ['x-forwarded-host', 'x-forwarded-proto'].map(name =>
    String(headers[name] ?? '')
      .split(',')[0]
      ?.trim(),
  )
  const url = `${scheme.toLowerCase() === 'https' ? 'https' : 'http'}://${host}`
  return hostForm.test(host) && URL.canParse(url) ? new URL(url).host : undefined
}

/** The host and port that a request asks for: that of the first proxy, where the settings trust it. Rules: EP-5.2, EP-5.3. */
function toAskedHost({ request, settings }: Call): string {
  const { localAddress, localPort } = request.socket
  const forwarded = settings.domainApi.trustProxy ? toForwardedHost(request) : undefined
  return forwarded ?? request.get('host') ?? `${localAddress}:${localPort}`
}

/** Every service has the host and port of the request, or one of its own. Rules: EP-5, EP-8.5. */
const toBaseUri = (service: ServiceName, call: Call): SentBaseUri => ({
  service,
  account: call.accountId,
  baseURI:
    call.settings.domainApi.hosts === 'production' ? serviceHosts[service] : toAskedHost(call),
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

import { errorCodes, type Operation, type OperationId, operations } from '@sendbox/schema'
import type { Request, RequestHandler } from 'express'
import { readAccountId } from '../http/call.ts'
import { toCorsResponse } from '../http/cors.ts'
import { explainHost, explainOtherHost } from '../http/explain/path.ts'
import { respondToUnmatched } from '../http/failure.ts'
import { toHostName } from '../http/host-name.ts'
import { toErrorResponse, withEvidence } from '../http/response.ts'
import { type HostedService, serviceAt } from '../service-domains.ts'
import type { Services } from '../services.ts'

/** The services of which the mock imitates anything. */
const imitated: ReadonlySet<HostedService> = new Set([
  'the Domain API',
  ...Object.values<Operation>(operations).flatMap(({ service }) => service ?? []),
])

const serviceOf = (request: Request): HostedService | undefined =>
  serviceAt(toHostName(request.headers.host) ?? '')

/** Refuses every path of a host whose service is not imitated. Rules: EP-8.2, EP-8.5. */
export const refuseOtherHosts =
  (services: Services): RequestHandler =>
  (request, response, next) => {
    const service = serviceOf(request)
    if (service === undefined || imitated.has(service)) return next()
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const refusal = { errorCode: errorCodes.serviceNotImplemented, rules: ['EP-8.5'] } as const
    const refused = withEvidence(toErrorResponse(refusal, settings), settings)
    const explanation = explainOtherHost(service)
    respondToUnmatched(request, response, { response: refused, explanation }, services)
  }

/** Refuses the paths of an operation on the host of another service. Rule: EP-8.6. */
export function requireOwnHost(id: OperationId, services: Services): RequestHandler {
  const { service }: Operation = operations[id]
  const own: HostedService = service ?? 'the Domain API'
  const refuseOther = refuseOtherHosts(services)
  return (request, response, next) => {
    const asked = serviceOf(request)
    if (asked === undefined || asked === own) return next()
    if (!imitated.has(asked)) return void refuseOther(request, response, next)
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const refusal = { errorCode: errorCodes.pathNotFound, rules: ['EP-8.6'] } as const
    const answer = toCorsResponse(toErrorResponse(refusal, settings), id, request)
    const refused = withEvidence(answer, settings)
    const explanation = explainHost(asked, own)
    respondToUnmatched(request, response, { response: refused, explanation }, services)
  }
}

import {
  errorCodes,
  type Operation,
  type OperationId,
  operations,
  type SentErrorResponse,
} from '@sendbox/schema'
import express, { type Express, type Request, type RequestHandler } from 'express'
import { type ControlGuardOptions, guardControl, guardPage } from '../control/guard.ts'
import { createControlRouter } from '../control/router.ts'
import { serveDashboard, wantsPage } from '../dashboard/serve-dashboard.ts'
import { dashboardPath } from '../dashboard-path.ts'
import { createPageCheck, type PageOptions } from '../http/admission.ts'
import { readAccountId } from '../http/call.ts'
import {
  isOpenToPages,
  type PageOperationId,
  toCorsResponse,
  toPreflightResponse,
} from '../http/cors.ts'
import { explainEvidence } from '../http/explain/explain.ts'
import {
  explainMethod,
  explainOtherService,
  explainPath,
  isOtherService,
} from '../http/explain/path.ts'
import { type FailureOptions, respondToFailure, respondToUnmatched } from '../http/failure.ts'
import { agentLogin } from '../http/operations/agent-login.ts'
import {
  appInstall,
  appInstalls,
  deleteAppInstall,
  replaceAppInstall,
} from '../http/operations/app-installs.ts'
import { conversation } from '../http/operations/conversation.ts'
import { baseUri, baseUris } from '../http/operations/domain-api.ts'
import { send } from '../http/operations/send.ts'
import { download, upload } from '../http/operations/storage.ts'
import { appToken, consumer } from '../http/operations/tokens.ts'
import { type OperationHandler, serveOperation } from '../http/pipeline.ts'
import { createRefusalRecorder } from '../http/record-call.ts'
import { type ServiceResponse, toErrorResponse, withEvidence } from '../http/response.ts'
import type { Services } from '../services.ts'
import { refuseOtherHosts, requireOwnHost } from './service-hosts.ts'

const handlers: Readonly<Record<OperationId, OperationHandler>> = {
  send,
  conversation,
  baseUri,
  baseUris,
  appToken,
  consumer,
  upload,
  download,
  agentLogin,
  appInstalls,
  appInstall,
  replaceAppInstall,
  deleteAppInstall,
}

const operationEntries = Object.entries(operations) as [OperationId, Operation][]

/** Express writes `:accountId` where the operations table writes `{accountId}`. */
const toRoutes = ({ path, aliases = [] }: Operation): string[] =>
  [path, ...aliases].map(template => template.replace(/\{(\w+)\}/g, ':$1'))

/** Value of `Allow` for the path of an operation. */
const methodsOf = (id: OperationId): string =>
  [
    ...operationEntries
      .filter(([, { path }]) => path === operations[id].path)
      .map(([, { method }]) => method),
    ...(isOpenToPages(id) ? ['OPTIONS'] : []),
  ].join(', ')

/** Creates a handler with its first request: the control API's routes are half of the start-up time, and many tests never call them. */
function lazily(create: () => RequestHandler): RequestHandler {
  let handler: RequestHandler | undefined
  return (request, response, next) => {
    handler ??= create()
    return handler(request, response, next)
  }
}

/** The handler of an operation; the responses to pages have CORS headers where it is open to them. Rule: EP-17. */
function withCors(id: OperationId): OperationHandler {
  const handler = handlers[id]
  return isOpenToPages(id)
    ? async (call, services) => toCorsResponse(await handler(call, services), id, call.request)
    : handler
}

const operationsOf = (isOpen: boolean): typeof operationEntries =>
  operationEntries.filter(([id]) => isOpenToPages(id) === isOpen)

/** Responds to OPTIONS on the path of an operation that is open to pages. Rule: EP-17. */
function respondToOptions(id: PageOperationId, services: Services): RequestHandler {
  const allowed = methodsOf(id)
  return (request, response) => {
    const answer = toPreflightResponse(id, allowed, request)
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const known = withEvidence(answer, settings)
    const explanation = known.refusal && explainEvidence(known.refusal, settings)
    respondToUnmatched(request, response, { response: known, explanation }, services)
  }
}

/** Refuses the methods that the path of an operation does not have. Rule: AUTH-11 (405). */
function refuseMethod(id: OperationId, services: Services): RequestHandler {
  const allowed = methodsOf(id)
  return (request, response) => {
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const answer = toErrorResponse({ errorCode: errorCodes.methodNotAllowed }, settings)
    const withAllow = toCorsResponse({ ...answer, headers: { Allow: allowed } }, id, request)
    const refused = withEvidence(withAllow, settings)
    const explanation = explainMethod(request, allowed)
    respondToUnmatched(request, response, { response: refused, explanation }, services)
  }
}

/** The service whose other methods and paths production has: they are 501, not 405. Rule: EP-8. */
const partlyImitated = 'accountConfigReadWrite'

/** Mounts the routes of operations, and the refusal of other methods on them. */
function mountOperations(app: Express, entries: typeof operationEntries, services: Services): void {
  const hasHosts = services.settings.atStart.domainApi.hosts === 'production'
  for (const [id, operation] of entries) {
    if (hasHosts) app.all(toRoutes(operation), requireOwnHost(id, services))
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    const serve = serveOperation(id, withCors(id), services)
    app[method](toRoutes(operation), serve)
    if (id === 'replaceAppInstall')
      app.post(toRoutes(operation), (request: Request<Record<string, string>>, response, next) =>
        request.get('x-http-method-override')?.toUpperCase() === 'PUT'
          ? serve(request, response, next)
          : next(),
      )
    if (isOpenToPages(id)) app.options(toRoutes(operation), respondToOptions(id, services))
  }
  for (const [id, operation] of entries)
    if (operation.service !== partlyImitated)
      app.route(toRoutes(operation)).all(refuseMethod(id, services))
}

/** The control API says of a failure what the service says of it, without the envelope. */
const toControlForm = (response: ServiceResponse): ServiceResponse => ({
  ...response,
  body: (response.body as SentErrorResponse).body,
})

/** Leads browsers to the dashboard; programs get the 404 of any path without an operation. */
const leadToPage: RequestHandler = (request, response, next) => {
  response.vary('Accept')
  if (wantsPage(request)) response.redirect(302, request.baseUrl + dashboardPath)
  else next()
}

/** Mounts the routes of the operations table. Rules: AUTH-11 (405), RES-7 (40452). */
export function createExpressApp(
  services: Services,
  options: FailureOptions & ControlGuardOptions & PageOptions = {},
  admitPage = createPageCheck(options, createRefusalRecorder(services)),
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', 'simple')
  app.get('/', leadToPage)
  app.use(dashboardPath.replace(/\/$/, ''), guardPage(options), serveDashboard())
  app.use(
    '/__sendbox',
    guardControl(options),
    lazily(() => createControlRouter(services)),
    respondToFailure(services, { ...options, toForm: toControlForm }),
  )
  mountOperations(app, operationsOf(true), services)
  app.use((request, response, next) => {
    if (admitPage(request, response)) next()
  })
  if (services.settings.atStart.domainApi.hosts === 'production')
    app.use(refuseOtherHosts(services))
  mountOperations(app, operationsOf(false), services)
  app.use((request, response) => {
    const isOther = isOtherService(request.path)
    const errorCode = isOther ? errorCodes.serviceNotImplemented : errorCodes.pathNotFound
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const answer = toErrorResponse({ errorCode }, settings)
    const refused = withEvidence(answer, settings)
    const explanation = isOther ? explainOtherService(request) : explainPath(request)
    respondToUnmatched(request, response, { response: refused, explanation }, services)
  })
  app.use(respondToFailure(services, options))
  return app
}

import { errorCodes, type Operation, type OperationId, operations } from '@sendbox/schema'
import express, { type Express, type RequestHandler } from 'express'
import { type ControlGuardOptions, guardControl } from '../control/guard.ts'
import { createControlRouter } from '../control/router.ts'
import { createPageCheck, type PageOptions } from '../http/admission.ts'
import {
  explainMethod,
  explainOtherService,
  explainPath,
  isOtherService,
} from '../http/explain/path.ts'
import { type FailureOptions, respondToFailure, respondToUnmatched } from '../http/failure.ts'
import { conversation } from '../http/operations/conversation.ts'
import { baseUri, baseUris } from '../http/operations/domain-api.ts'
import { send } from '../http/operations/send.ts'
import { download, upload } from '../http/operations/storage.ts'
import { appToken, consumer } from '../http/operations/tokens.ts'
import { type OperationHandler, serveOperation } from '../http/pipeline.ts'
import { toErrorResponse, withEvidence } from '../http/response.ts'
import type { Services } from '../services.ts'

const handlers: Readonly<Record<OperationId, OperationHandler>> = {
  send,
  conversation,
  baseUri,
  baseUris,
  appToken,
  consumer,
  upload,
  download,
}

const operationEntries = Object.entries(operations) as [OperationId, Operation][]

/** Express writes `:accountId` where the operations table writes `{accountId}`. */
const toRoutes = ({ path, aliases = [] }: Operation): string[] =>
  [path, ...aliases].map(template => template.replace(/\{(\w+)\}/g, ':$1'))

/** Value of `Allow` for a path. */
const methodsOf = (path: string): string =>
  operationEntries
    .filter(([, operation]) => operation.path === path)
    .map(([, { method }]) => method)
    .join(', ')

/** Creates a handler with its first request: the control API's routes are half of the start-up time, and many tests never call them. */
function lazily(create: () => RequestHandler): RequestHandler {
  let handler: RequestHandler | undefined
  return (request, response, next) => {
    handler ??= create()
    return handler(request, response, next)
  }
}

/** Operations that web pages call in production too. */
const isOpenToPages: Readonly<Record<OperationId, boolean>> = {
  send: false,
  conversation: false,
  baseUri: true,
  baseUris: true,
  appToken: false,
  consumer: false,
  upload: true,
  download: true,
}

const operationsOf = (isOpen: boolean): typeof operationEntries =>
  operationEntries.filter(([id]) => isOpenToPages[id] === isOpen)

/** Mounts the routes of operations, and the refusal of other methods on them. Rule: AUTH-11 (405). */
function mountOperations(app: Express, entries: typeof operationEntries, services: Services): void {
  for (const [id, operation] of entries) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put'
    app[method](toRoutes(operation), serveOperation(id, handlers[id], services))
  }
  for (const [, operation] of entries)
    app.route(toRoutes(operation)).all((request, response) => {
      const answer = toErrorResponse({ errorCode: errorCodes.methodNotAllowed }, services.settings)
      const allowed = methodsOf(operation.path)
      const refused = withEvidence({ ...answer, headers: { Allow: allowed } }, services.settings)
      const explanation = explainMethod(request, allowed)
      respondToUnmatched(request, response, { response: refused, explanation }, services)
    })
}

/** Mounts the routes of the operations table. Rules: AUTH-11 (405), RES-7 (40452). */
export function createExpressApp(
  services: Services,
  options: FailureOptions & ControlGuardOptions & PageOptions = {},
  admitPage = createPageCheck(options, services.log),
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', 'simple')
  app.use(
    '/__sendbox',
    guardControl(options),
    lazily(() => createControlRouter(services)),
  )
  mountOperations(app, operationsOf(true), services)
  app.use((request, response, next) => {
    if (admitPage(request, response)) next()
  })
  mountOperations(app, operationsOf(false), services)
  app.use((request, response) => {
    const isOther = isOtherService(request.path)
    const errorCode = isOther ? errorCodes.serviceNotImplemented : errorCodes.pathNotFound
    const answer = toErrorResponse({ errorCode }, services.settings)
    const refused = withEvidence(answer, services.settings)
    const explanation = isOther ? explainOtherService(request) : explainPath(request)
    respondToUnmatched(request, response, { response: refused, explanation }, services)
  })
  app.use(respondToFailure(services, options))
  return app
}

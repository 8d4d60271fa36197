import { type Operation, type OperationId, operations } from '@sendbox/schema'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { Clocks } from './account-clock.ts'
import { type AccountsInput, AppInstalls } from './app-installs.ts'
import { createControlRouter } from './control/create-control-router.ts'
import { FileStore } from './file-store.ts'
import { toErrorAnswer, withEvidence, writeAnswer } from './http/answer.ts'
import { appToken } from './http/app-token.ts'
import { consumer } from './http/consumer.ts'
import { conversation } from './http/conversation.ts'
import { baseUri, baseUris } from './http/domain-api.ts'
import { send } from './http/send.ts'
import { type OperationHandler, serveOperation } from './http/serve-operation.ts'
import { download, upload } from './http/storage.ts'
import { MemoryStateStore } from './memory-state-store.ts'
import { RandomSource } from './random-source.ts'
import { RateLimit } from './rate-limit.ts'
import type { Service } from './service.ts'
import { parseSettings, type SettingsInput } from './settings.ts'
import { TokenService } from './tokens/token-service.ts'

/** How the mock is made. */
export interface AppOptions {
  /**
   * How it answers where the public material contradicts itself.
   * @default {}
   */
  readonly settings?: SettingsInput
  /**
   * Accounts whose apps have other credentials or a manifest, by account id; every other account has the default install.
   * @default {}
   */
  readonly accounts?: AccountsInput
  /**
   * The wall time in ms since the epoch, from which each account's clock starts.
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Makes ids repeatable: the same seed, clock and calls give the same bytes again. Each account has a sequence of its own.
   * @default none: ids are random
   */
  readonly seed?: string
  /**
   * Is told of an exception in the mock itself, which the caller sees as status 500.
   * @default process.emitWarning
   */
  readonly reportError?: (error: Error) => void
}

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

/** The methods that a path takes, as `Allow` lists them. */
const methodsOf = (path: string): string =>
  operationEntries
    .filter(([, operation]) => operation.path === path)
    .map(([, { method }]) => method)
    .join(', ')

const ownPath = /^\/(?:sentinel\/)?api\/account\/[^/]+\/(?:messaging|service|consumer|app)(?:\/|$)/i

/** Claims that a path has the form of the services' paths, but is none of an imitated one. Rule: EP-8.2. */
const isOtherService = (path: string): boolean =>
  /^(?:\/[^/]+)?\/api\/account\/[^/]+\/./.test(path) && !ownPath.test(path)

const isMalformedUrl = (error: unknown): boolean => error instanceof URIError

/** The service of {@link createApp}. */
export const createService = ({
  settings = {},
  accounts = {},
  now = Date.now,
  seed,
}: AppOptions): Service => {
  const parsed = parseSettings(settings)
  return {
    settings: parsed,
    installs: new AppInstalls(accounts),
    store: new MemoryStateStore(parsed.transcriptEntries ?? Number.POSITIVE_INFINITY),
    tokens: new TokenService(),
    files: new FileStore(),
    clocks: new Clocks(now),
    random: new RandomSource(seed),
    rateLimit: new RateLimit(parsed.limits.requestsPerSecond ?? Number.POSITIVE_INFINITY),
    stepListeners: new Set(),
  }
}

/** Mounts the routes of the operations table on a service. Rules: AUTH-11 (405), RES-7 (40452). */
export function createAppFor(
  service: Service,
  { reportError = error => process.emitWarning(error) }: Pick<AppOptions, 'reportError'> = {},
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', 'simple')
  app.use('/__sendbox', createControlRouter(service))
  for (const [id, operation] of operationEntries) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put'
    app[method](toRoutes(operation), serveOperation(id, handlers[id], service))
  }
  for (const [, operation] of operationEntries)
    app.all(toRoutes(operation), (_request, response) => {
      const answer = toErrorAnswer({ errorCode: 40550 }, service.settings)
      const headers = { Allow: methodsOf(operation.path) }
      writeAnswer(response, withEvidence({ ...answer, headers }, service.settings))
    })
  app.use((request, response) => {
    const errorCode = isOtherService(request.path) ? 50151 : 40452
    const answer = toErrorAnswer({ errorCode }, service.settings)
    writeAnswer(response, withEvidence(answer, service.settings))
  })
  const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    if (isMalformedUrl(error))
      return writeAnswer(response, toErrorAnswer({ errorCode: 40452 }, service.settings))
    const failure = error instanceof Error ? error : new Error(String(error))
    reportError(failure)
    const refusal = { errorCode: 50050, params: { message: failure.message } } as const
    return writeAnswer(response, toErrorAnswer(refusal, service.settings))
  }
  app.use(answerError)
  return app
}

/** Makes the mock as an Express app, to be mounted or listened on; see {@link AppOptions}. */
export const createApp = (options: AppOptions = {}): Express =>
  createAppFor(createService(options), options)

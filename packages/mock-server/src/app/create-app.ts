import { errorCodes, type Operation, type OperationId, operations } from '@sendbox/schema'
import express, { type Express, type RequestHandler } from 'express'
import { Clocks } from '../accounts/account-clock.ts'
import { type AccountsInput, AppInstalls } from '../accounts/app-installs.ts'
import { RandomSource } from '../accounts/random-source.ts'
import { RateLimit } from '../accounts/rate-limit.ts'
import { Bots, listenAsBot } from '../agent/bots.ts'
import { type ControlGuardOptions, guardControl } from '../control/guard.ts'
import { createControlRouter } from '../control/router.ts'
import { Faults } from '../faults/faults.ts'
import { FileStore } from '../files/file-store.ts'
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
import { logCalls } from '../http/record-call.ts'
import { toErrorResponse, withEvidence } from '../http/response.ts'
import { Journals } from '../journal/journal.ts'
import { type Logger, silentLogger } from '../logger.ts'
import { Metrics } from '../metrics.ts'
import type { Persistence } from '../persistence/persistence.ts'
import type { Services } from '../services.ts'
import { parseSettings, type SettingsInput } from '../settings.ts'
import { Conversations } from '../store/conversations.ts'
import { MemoryStateStore } from '../store/memory-state-store.ts'
import { TokenService } from '../tokens/token-service.ts'
import { Updates } from '../updates.ts'
import { Webhooks } from '../webhooks/webhooks.ts'

/** Options of a mock. */
export interface AppOptions {
  /**
   * Selects behaviours where the public sources disagree, and limits.
   * @default {}
   */
  readonly settings?: SettingsInput
  /**
   * Accounts whose apps have other credentials or a manifest, by account id; every other account has the default install.
   * @default {}
   */
  readonly accounts?: AccountsInput
  /**
   * Wall time in ms since the epoch; each account's clock follows it until it is changed.
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Makes ids deterministic: the same seed, clock and calls produce the same bytes. Each account has its own sequence.
   * @default none: ids are random
   */
  readonly seed?: string
  /**
   * Bearer token of the control API off loopback, visible ASCII characters; without one the API is closed there.
   * @default none
   */
  readonly controlToken?: string | undefined
  /**
   * Receives the log, pino-compatible: listening (info), each call (debug), an exception in the mock itself (error).
   * @default none
   */
  readonly log?: Logger
  /**
   * Called with an exception in the mock itself, for which the caller gets status 500.
   * @default process.emitWarning; none with a `log`, which receives it anyway
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

/** Value of `Allow` for a path. */
const methodsOf = (path: string): string =>
  operationEntries
    .filter(([, operation]) => operation.path === path)
    .map(([, { method }]) => method)
    .join(', ')

/** Creates the services of a mock; with `persistence` their state is in memory and on disk. */
export const createService = (
  { settings = {}, accounts = {}, now = Date.now, seed, log = silentLogger }: AppOptions,
  persistence?: Persistence,
): Services => {
  const parsed = parseSettings(settings)
  const random = new RandomSource(seed)
  const installs = new AppInstalls(accounts, log)
  const updates = new Updates()
  const clocks = new Clocks(now, updates)
  const maxEntries = parsed.transcriptEntries ?? Number.POSITIVE_INFINITY
  const store = persistence?.createStore(maxEntries) ?? new MemoryStateStore(maxEntries)
  const files = new FileStore(accountId => persistence?.markFilesDirty(accountId))
  const webhooks = new Webhooks({
    settings: parsed.webhooks,
    installs,
    clocks,
    random,
    updates,
    markDirty: accountId => persistence?.markWebhooksDirty(accountId),
  })
  const conversations = new Conversations({
    store,
    updates,
    settings: parsed,
    clocks,
    random,
    files,
    installs,
  })
  const services: Services = {
    settings: parsed,
    installs,
    store,
    tokens: new TokenService(),
    files,
    clocks,
    random,
    rateLimit: new RateLimit(parsed.limits.requestsPerSecond ?? Number.POSITIVE_INFINITY),
    faults: new Faults(random),
    journals: new Journals({
      subscribe: listener => updates.subscribe('call', listener),
      entries: parsed.journal.entries,
      secretsOf: accountId => installs.secretsOf(accountId),
    }),
    metrics: new Metrics(),
    readiness: { isClosing: false },
    log,
    webhooks,
    bots: new Bots(installs),
    updates,
    conversations,
    flush:
      persistence &&
      (accountId =>
        accountId === undefined ? persistence.flushAll() : persistence.flush(accountId)),
  }
  updates.subscribe('conversation', webhooks.deliver)
  if (log !== silentLogger) logCalls(log, updates)
  services.bots.onFirstScript(() =>
    updates.subscribe('conversation', update => listenAsBot(update, services)),
  )
  return services
}

/** Creates a handler with its first request: the control API's routes are half of the start-up time, and many tests never call them. */
function lazily(create: () => RequestHandler): RequestHandler {
  let handler: RequestHandler | undefined
  return (request, response, next) => {
    handler ??= create()
    return handler(request, response, next)
  }
}

/** Mounts the routes of the operations table. Rules: AUTH-11 (405), RES-7 (40452). */
export function createAppFor(
  services: Services,
  options: FailureOptions & ControlGuardOptions = {},
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
  for (const [id, operation] of operationEntries) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put'
    app[method](toRoutes(operation), serveOperation(id, handlers[id], services))
  }
  for (const [, operation] of operationEntries)
    app.route(toRoutes(operation)).all((request, response) => {
      const answer = toErrorResponse({ errorCode: errorCodes.methodNotAllowed }, services.settings)
      const allowed = methodsOf(operation.path)
      const refused = withEvidence({ ...answer, headers: { Allow: allowed } }, services.settings)
      const explanation = explainMethod(request, allowed)
      respondToUnmatched(request, response, { response: refused, explanation }, services)
    })
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

/**
 * Creates the mock as an Express app, to be mounted or served; see {@link AppOptions}.
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 *
 * await using server = createServer(createApp()).listen(0)
 * ```
 */
export const createApp = (options: AppOptions = {}): Express =>
  createAppFor(createService(options), options)

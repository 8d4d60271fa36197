import type { RequestListener } from 'node:http'
import { AccountSettings } from '../accounts/account-settings.ts'
import { type AccountsInput, AppInstalls } from '../accounts/app-installs.ts'
import { Clocks } from '../accounts/clocks.ts'
import { RandomSource } from '../accounts/random-source.ts'
import { RateLimit } from '../accounts/rate-limit.ts'
import { Bots, listenAsBot } from '../agent/bots.ts'
import { Events } from '../events/events.ts'
import { Faults } from '../faults/faults.ts'
import { FileStore } from '../files/file-store.ts'
import { admitHead } from '../http/admission.ts'
import { createRefusalRecorder, logCalls } from '../http/record-call.ts'
import { Journals } from '../journal/journal.ts'
import { type Logger, redactLog, silentLogger } from '../logger.ts'
import { Metrics } from '../metrics.ts'
import type { Persistence } from '../persistence/persistence.ts'
import type { Services } from '../services.ts'
import { parseSettings, type SettingsInput } from '../settings.ts'
import { Conversations } from '../store/conversations.ts'
import { MemoryStateStore } from '../store/memory-state-store.ts'
import { TokenService } from '../tokens/token-service.ts'
import { Updates } from '../updates.ts'
import { logFailedAttempts } from '../webhooks/delivery-log.ts'
import { Webhooks } from '../webhooks/webhooks.ts'
import { createExpressApp } from './create-express-app.ts'

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
   * @default the wall time at the start plus the monotonic time since, so that a change of the system's clock changes nothing
   */
  readonly now?: () => number
  /**
   * Makes ids deterministic: the same seed, clock and calls produce the same bytes. Each account has its own sequence.
   * @default none: ids are random
   */
  readonly seed?: string
  /**
   * Bearer token that every call of the control API but `/health` and `/ready` requires, visible ASCII characters; without one the API is
   * open to the programs of this machine, and closed off loopback.
   * @default none
   */
  readonly controlToken?: string | undefined
  /**
   * Host names under which the mock may be requested, besides those of this machine and the one it listens on: such as that of its
   * container. Without a port.
   * @default []
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Origins of the web pages that may call the token, consumer, CONVERSATION and SEND endpoints, which refuse pages of any other site with
   * 403. It adds no CORS headers: production has none.
   * @default []
   */
  readonly allowedOrigins?: readonly string[] | undefined
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

/** Creates the services of a mock; with `persistence` their state is in memory and on disk. */
export const createService = (
  { settings: given = {}, accounts = {}, now, seed, log: plainLog = silentLogger }: AppOptions,
  persistence?: Persistence,
): Services => {
  const atStart = parseSettings(given)
  const settings = new AccountSettings(
    atStart,
    accountId => void updates.publish('settings', { accountId }),
  )
  const random = new RandomSource(seed)
  const installs = new AppInstalls(accounts, plainLog)
  const log = redactLog(plainLog, accountId => installs.secretsOf(accountId))
  const updates = new Updates()
  const clocks = now
    ? new Clocks(now, updates)
    : new Clocks(performance.now.bind(performance), updates, Date.now() - performance.now())
  const maxEntries = atStart.transcriptEntries ?? Number.POSITIVE_INFINITY
  const store = persistence?.createStore(maxEntries) ?? new MemoryStateStore(maxEntries)
  const files = new FileStore(accountId => persistence?.markFilesDirty(accountId))
  const webhooks = new Webhooks({
    settings,
    installs,
    clocks,
    random,
    updates,
    markDirty: (accountId, arrival) => persistence?.markWebhooksDirty(accountId, arrival),
  })
  const conversations = new Conversations({
    store,
    updates,
    settings,
    clocks,
    random,
    files,
    installs,
    createDeliveries: webhooks.create,
  })
  const secretsOf = (accountId: string | null): readonly string[] =>
    installs.secretsOf(accountId ?? undefined)
  const services: Services = {
    settings,
    installs,
    store,
    tokens: new TokenService(),
    files,
    clocks,
    random,
    rateLimit: new RateLimit(),
    faults: new Faults({ random, updates }),
    journals: new Journals({
      subscribe: listener => updates.subscribe('call', listener),
      entries: atStart.journal.entries,
      totalBytes: atStart.journal.totalBytes,
      secretsOf,
    }),
    events: new Events({ updates, clocks, secretsOf, entries: atStart.events.entries }),
    metrics: new Metrics(),
    readiness: { isClosing: false },
    listening: {},
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
  if (log !== silentLogger) {
    logCalls(log, updates)
    logFailedAttempts(log, updates)
  }
  services.bots.onFirstScript(() =>
    updates.subscribe('conversation', update => listenAsBot(update, services)),
  )
  return services
}

/**
 * Creates the mock as a request listener, to be served or mounted in an Express app; see {@link AppOptions}.
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 *
 * await using server = createServer(createApp()).listen(0)
 * ```
 */
export function createApp(options: AppOptions = {}): RequestListener {
  const services = createService(options)
  const app = createExpressApp(services, options)
  const record = createRefusalRecorder(services)
  return (request, response) => {
    if (admitHead(request, response, record)) app(request, response)
  }
}

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dashboardPath } from '../dashboard-path.ts'
import { createAccountRequests, type MissedRequests } from '../handle/requests.ts'
import { createPageCheck } from '../http/admission.ts'
import { createClientErrorHandler } from '../http/client-error.ts'
import { respondToFailure } from '../http/failure.ts'
import { matchOwnNames } from '../http/host-name.ts'
import { send } from '../http/operations/send.ts'
import { serveOperation } from '../http/pipeline.ts'
import { createRefusalRecorder } from '../http/record-call.ts'
import { createAppServer } from '../http/server.ts'
import { resetAccounts } from '../lifecycle/reset.ts'
import type { Logger } from '../logger.ts'
import type { Persistence } from '../persistence/persistence.ts'
import { isServiceHost } from '../service-domains.ts'
import { exampleAccountId, type Services } from '../services.ts'
import type { CaNames } from '../tls/ca-store.ts'
import type { Certificates, PemCertificate } from '../tls/contexts.ts'
import { sharePort } from '../tls/shared-port.ts'
import { type MockAccount, toAccount } from './account.ts'
import { type AppOptions, createService } from './create-app.ts'
import { createExpressApp } from './create-express-app.ts'

/** Options of a mock, and where it listens. */
export interface MockServerOptions extends AppOptions {
  /**
   * TCP port; 0 for any free one.
   * @default 0
   */
  readonly port?: number
  /**
   * Address to listen on. Off loopback the control API requires `controlToken`, and is closed without one.
   * @default '127.0.0.1'
   */
  readonly host?: string
  /**
   * Data folder that persists conversations, profiles, files, app installs, changed settings, clocks, seeded ids and webhooks that have not been delivered across restarts, also
   * when the process is killed. The running mock locks it.
   * @default none: all state is in memory
   */
  readonly data?: string
  /**
   * Whether the port speaks TLS and CONNECT too, as the first byte of a connection tells: `true` with certificates of a CA that is made at
   * first use and kept in the user's folder of data (or in `data`), or a certificate of one's own. Plain http continues to work.
   * @default false
   */
  readonly tls?: boolean | PemCertificate | CaNames
  /**
   * Whether the mock, as the proxy of programs of its own machine, passes on to hosts that are not LivePerson's: directly, or by the proxy
   * in `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` less `NO_PROXY` of its environment. It requires `tls`. Nothing is passed on to loopback,
   * link-local and the mock's own addresses.
   * @default false: they are refused
   */
  readonly passThrough?: boolean
}

/** A running mock. */
export interface MockServer extends AsyncDisposable {
  /** Base URL of every service, without a trailing slash. */
  readonly url: string
  /** Base URL by https, without a trailing slash, with `tls`. */
  readonly httpsUrl?: string
  /** URL of the dashboard: the page that shows conversations, calls and webhooks live. */
  readonly dashboardUrl: string
  /** The certificate that a client of `httpsUrl` has to trust, as PEM, with `tls`. */
  readonly ca?: string
  /**
   * Handle of an account; any id works.
   * @default '12345678', the example account
   * @example
   * ```ts
   * const account = server.account('my-account')
   * console.log(account.clientId) // sendbox-client
   * ```
   */
  account(accountId?: string): MockAccount
  /**
   * Requests whose account cannot be read: unknown paths, bytes that are no request, TLS on the plain port, refused web pages.
   * @example
   * ```ts
   * await fetch(`${server.url}/nowhere`)
   * console.log(server.requests.list().at(-1)?.status) // 404
   * ```
   */
  readonly requests: MissedRequests
  /** Resets all accounts. */
  reset(): Promise<void>
  /** Refuses new calls, waits up to 5 s for those in flight and for queued webhooks, then closes the port. */
  close(): Promise<void>
}

function toUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** The URL of the mock for itself: an unspecified address is that of all interfaces. */
const toOwnOrigin = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')

/** Timeout of calls and webhooks in flight after `close()`, in ms. */
const closeGraceMs = 5000

/** Ends keep-alive: Node leaves connections open after their response while the server closes. */
const endKeepAlive = (server: Server): void =>
  void Object.assign(server, { keepAliveTimeout: 1, keepAliveTimeoutBuffer: 0 })

/** Open sockets of a server, those of TLS beside the ones below them. */
function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  const add = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  server.on('connection', add).on('secureConnection', add)
  return sockets
}

/**
 * Closes a server; connections without a byte received are destroyed, since Node waits for a request on them, and all others at the
 * deadline.
 */
async function closeServer(
  server: Server,
  sockets: ReadonlySet<Socket>,
  deadline: AbortSignal,
): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  endKeepAlive(server)
  server.close()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const closeAll = () => {
    server.closeAllConnections()
    // Of these the server knows nothing: a handshake that has not ended.
    for (const socket of sockets) socket.destroy()
  }
  deadline.addEventListener('abort', closeAll)
  await closed
  deadline.removeEventListener('abort', closeAll)
}

/** Opens the certificates, if the port speaks TLS; their modules are imported only then. */
async function openTlsOf({ tls, data }: MockServerOptions, log: Logger) {
  if (tls === undefined || tls === false) return undefined
  const { openCertificates } = await import('../tls/contexts.ts')
  return openCertificates(tls === true ? { data } : { data, ...tls }, log)
}

/** The part that passes on to other hosts, if any; its modules are imported only then. */
async function openPassThroughOf(
  { passThrough = false, host = '127.0.0.1', ...options }: MockServerOptions,
  toPort: () => number,
) {
  if (!passThrough) return undefined
  if (!options.tls) throw new TypeError('passThrough requires tls: programs ask a proxy by CONNECT')
  const isOwn = matchOwnNames({ host, ...options })
  const isOwnHost = (name: string): boolean => isServiceHost(name) || isOwn(name)
  const { createPassThrough } = await import('../proxy/pass-through.ts')
  return createPassThrough({ host, toPort, isOwnHost })
}

/** Opens the data folder, if any; its modules are imported only then. */
const openDataOf = async ({ data }: MockServerOptions): Promise<Persistence | undefined> =>
  data === undefined
    ? undefined
    : (await import('../persistence/persistence.ts')).openPersistence(data)

/**
 * Starts the mock. Rejects with the system's error if it cannot listen (`EADDRINUSE`, `EACCES`), and with a `DataError` that says what to
 * do if the data folder cannot be used.
 * @example
 * ```ts
 * await using server = await startMockServer({ settings: { mode: 'strict' } })
 * const response = await fetch(`${server.url}/__sendbox/health`)
 * console.log(await response.json()) // { status: 'ok' }
 * ```
 */
export const startMockServer = async (options: MockServerOptions = {}): Promise<MockServer> =>
  (await startWithServices(options)).server

/** A running mock, and what its routes work on. */
export interface MockWithServices {
  readonly server: MockServer
  readonly services: Services
}

/** Starts the mock as {@link startMockServer} does; `prepare` runs before it listens, and may refuse to start by rejecting. */
export async function startWithServices(
  options: MockServerOptions,
  prepare?: (services: Services) => Promise<void>,
): Promise<MockWithServices> {
  const toPort = (): number => (server.address() as AddressInfo).port
  const passThrough = await openPassThroughOf(options, toPort)
  const data = await openDataOf(options)
  const service = createService(options, data)
  const recordRefused = createRefusalRecorder(service)
  const admitPage = createPageCheck(options, recordRefused)
  const { hosts } = service.settings.atStart.domainApi
  const server: Server = createAppServer({
    app: createExpressApp(service, options, admitPage),
    admitPage,
    forward: passThrough?.forward,
    serveSend: hosts === 'asked' ? serveOperation('send', send, service) : undefined,
    respondToFailure: respondToFailure(service, options),
    recordRefused,
    endBroken: createClientErrorHandler(service.log, recordRefused),
  })
  let certificates: Certificates | undefined
  try {
    await data?.load(service)
    await prepare?.(service)
    certificates = await openTlsOf(options, service.log)
    if (certificates) {
      const { allowedHosts = [] } = options
      const leadsHere = (name: string) => isServiceHost(name) || allowedHosts.includes(name)
      sharePort(server, certificates, { leadsHere, connect: passThrough?.connect, recordRefused })
    }
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    await service.webhooks.close()
    await data?.close()
    throw error
  }
  const sockets = socketsOf(server)
  const url = toUrl(server)
  service.listening.origin = toOwnOrigin(url)
  service.log.info({ url }, 'listening')
  const stop = async () => {
    service.readiness.isClosing = true
    service.faults.held.close()
    service.journals.close()
    service.events.close()
    const deadline = AbortSignal.timeout(closeGraceMs)
    await closeServer(server, sockets, deadline)
    await service.webhooks.close(deadline)
    await data?.close()
    service.log.info({ url }, 'stopped')
  }
  let stopped: Promise<void> | undefined
  const close = (): Promise<void> => {
    stopped ??= stop()
    return stopped
  }
  const mock: MockServer = {
    url,
    dashboardUrl: url + dashboardPath,
    ...(certificates && { httpsUrl: url.replace(/^http:/, 'https:'), ca: certificates.ca }),
    account: (accountId = exampleAccountId) => toAccount(accountId, service),
    requests: createAccountRequests(null, service),
    reset: () => resetAccounts(service),
    close,
    [Symbol.asyncDispose]: close,
  }
  return { server: mock, services: service }
}

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createPageCheck } from '../http/admission.ts'
import { respondToFailure } from '../http/failure.ts'
import { send } from '../http/operations/send.ts'
import { serveOperation } from '../http/pipeline.ts'
import { createAppServer } from '../http/server.ts'
import { resetAccounts } from '../lifecycle/reset.ts'
import type { Persistence } from '../persistence/persistence.ts'
import { exampleAccountId } from '../services.ts'
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
   * Data folder that persists conversations, profiles, files, app installs, clocks, seeded ids and webhooks that have not been delivered across restarts, also
   * when the process is killed. The running mock locks it.
   * @default none: all state is in memory
   */
  readonly data?: string
}

/** A running mock. */
export interface MockServer extends AsyncDisposable {
  /** Base URL of every service, without a trailing slash. */
  readonly url: string
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
  /** Resets all accounts. */
  reset(): Promise<void>
  /** Refuses new calls, waits up to 5 s for those in flight and for queued webhooks, then closes the port. */
  close(): Promise<void>
}

function toUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Timeout of calls and webhooks in flight after `close()`, in ms. */
const closeGraceMs = 5000

/** Ends keep-alive: Node leaves connections open after their response while the server closes. */
const endKeepAlive = (server: Server): void =>
  void Object.assign(server, { keepAliveTimeout: 1, keepAliveTimeoutBuffer: 0 })

/** Open sockets of a server. */
function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
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
  const closeAll = () => server.closeAllConnections()
  deadline.addEventListener('abort', closeAll)
  await closed
  deadline.removeEventListener('abort', closeAll)
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
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const data = await openDataOf(options)
  const service = createService(options, data)
  const admitPage = createPageCheck(options, service.log)
  const server = createAppServer({
    app: createExpressApp(service, options, admitPage),
    admitPage,
    serveSend: serveOperation('send', send, service),
    respondToFailure: respondToFailure(service, options),
  })
  try {
    await data?.load(service)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    await service.webhooks.close()
    await data?.close()
    throw error
  }
  const sockets = socketsOf(server)
  const url = toUrl(server)
  service.log.info({ url }, 'listening')
  const stop = async () => {
    service.readiness.isClosing = true
    service.faults.held.close()
    service.journals.close()
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
  return {
    url,
    account: (accountId = exampleAccountId) => toAccount(accountId, service),
    reset: () => resetAccounts(service),
    close,
    [Symbol.asyncDispose]: close,
  }
}

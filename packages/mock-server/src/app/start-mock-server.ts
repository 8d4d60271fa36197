import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { AccountClock } from '../accounts/account-clock.ts'
import type { CallFaults } from '../faults/call-fault.ts'
import { type Agent, createAgent } from '../handle/agent.ts'
import { type Bot, createBot } from '../handle/bot.ts'
import { openForConsumer } from '../handle/open-for-consumer.ts'
import { type AccountRequests, createAccountRequests } from '../handle/requests.ts'
import { signTokenPair, type TokenPair, type TokenRequest } from '../handle/token-pair.ts'
import { createWebhooksHandle, type MockWebhooks } from '../handle/webhooks.ts'
import { respondToFailure } from '../http/failure.ts'
import { send } from '../http/operations/send.ts'
import { serveOperation } from '../http/pipeline.ts'
import { createAppServer } from '../http/server.ts'
import { resetAccounts } from '../lifecycle/reset.ts'
import { restoreAccount, snapshotAccount } from '../lifecycle/snapshot.ts'
import { type AccountSnapshot, parseSnapshot } from '../lifecycle/snapshot-schema.ts'
import type { Persistence } from '../persistence/persistence.ts'
import { exampleAccountId, type Services } from '../services.ts'
import { type ConversationView, toConversationView } from '../store/conversation-view.ts'
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
   * Data folder that persists conversations, profiles, files, app installs, clocks, seeded ids and stored webhooks across restarts, also
   * when the process is killed. The running mock locks it.
   * @default none: all state is in memory
   */
  readonly data?: string
}

/** One account of a running mock. */
export interface MockAccount {
  readonly accountId: string
  /** Credentials of the account's first app install. */
  readonly clientId: string
  readonly clientSecret: string
  /**
   * Conversations of the account, opened and read without an HTTP call.
   * @example
   * ```ts
   * const { conversationId } = await account.conversations.open('max')
   * const view = await account.conversations.get(conversationId)
   * console.log(view?.state) // OPEN
   * ```
   */
  readonly conversations: {
    /** All conversations, oldest first. */
    list(): Promise<ConversationView[]>
    get(conversationId: string): Promise<ConversationView | undefined>
    /** Opens one for a consumer without an HTTP call, with the given id or a new one; rejects if the id is in use. */
    open(extConsumerId: string, conversationId?: string): Promise<ConversationView>
  }
  /** Virtual clock of this account: token and URL expiry, timestamps, webhook retries. */
  readonly clock: Pick<AccountClock, 'now' | 'frozen' | 'freeze' | 'advance' | 'resume'>
  /**
   * Injected faults of this account's calls.
   * @example
   * ```ts
   * account.faults.add({ match: { operation: 'send' }, action: { status: 429 }, times: 1 })
   * console.log(await conversation.sendText('Hello')) // { sequence: 0 }
   * console.log(account.faults.list()[0]?.acted) // 1
   * ```
   */
  readonly faults: Pick<CallFaults, 'add' | 'list' | 'remove' | 'clear'>
  /** Journal of this account: requests and responses. */
  readonly requests: AccountRequests
  /** Webhooks of the account's apps, and their deliveries. Rule: WH-1. */
  readonly webhooks: MockWebhooks
  /** Bot that answers the consumers of this account by script. */
  readonly bot: Bot
  /**
   * The agent's side of a conversation.
   * @default agentId 'agent-1'
   * @example
   * ```ts
   * const agent = account.agent(conversation.conversationId)
   * await agent.join()
   * console.log(await agent.say('How can I help you?')) // 0
   * ```
   */
  agent(conversationId: string, agentId?: string): Agent
  /**
   * Signs tokens for a consumer, without an HTTP call.
   * @example
   * ```ts
   * const { appJwt, consumerJws } = await account.tokens('zoe')
   * const headers = { Authorization: appJwt, 'X-LP-ON-BEHALF': consumerJws }
   * ```
   */
  tokens(extConsumerId: string, options?: Omit<TokenRequest, 'consumer'>): Promise<TokenPair>
  /**
   * Copies the account's state; client secrets are left out.
   * @example
   * ```ts
   * const snapshot = await account.snapshot()
   * console.log(snapshot.conversations.length) // 1
   * ```
   */
  snapshot(): Promise<AccountSnapshot>
  /**
   * Restores a snapshot of this account; journal and faults stay. Rejects with a `TypeError` that lists all problems.
   * @example
   * ```ts
   * const before = await account.snapshot()
   * await conversation.sendText('Hello')
   * await account.restore(before)
   * console.log(await conversation.sendText('Hello again')) // { sequence: 0 }
   * ```
   */
  restore(snapshot: AccountSnapshot): Promise<void>
  /**
   * Resets the account: state, clock, installs, id sequence.
   * @example
   * ```ts
   * await account.reset()
   * console.log(await account.conversations.list()) // []
   * ```
   */
  reset(): Promise<void>
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
  /** Refuses new calls, waits up to 5 s for those in flight, then closes the port. */
  close(): Promise<void>
}

function toConversations(accountId: string, service: Services): MockAccount['conversations'] {
  const { store } = service
  const get = async (conversationId: string): Promise<ConversationView | undefined> => {
    const record = await store.load({ accountId, conversationId })
    return record && toConversationView(record)
  }
  return {
    get,
    list: async () => (await store.list(accountId)).map(toConversationView),
    open: async (extConsumerId, conversationId = service.random.uuid(accountId)) => {
      await openForConsumer({ accountId, conversationId }, extConsumerId, service)
      const opened = await get(conversationId)
      if (opened === undefined) throw new Error(`The store lost conversation ${conversationId}`)
      return opened
    },
  }
}

const toAccount = (accountId: string, service: Services): MockAccount => ({
  accountId,
  get clientId() {
    return service.installs.of(accountId).clientId
  },
  get clientSecret() {
    return service.installs.of(accountId).clientSecret
  },
  conversations: toConversations(accountId, service),
  get clock() {
    return service.clocks.of(accountId)
  },
  get faults() {
    return service.faults.of(accountId)
  },
  requests: createAccountRequests(accountId, service),
  webhooks: createWebhooksHandle(accountId, service),
  bot: createBot(accountId, service),
  agent: (conversationId, agentId = 'agent-1') =>
    createAgent({ accountId, conversationId }, agentId, service),
  tokens: (extConsumerId, options) =>
    signTokenPair(service, accountId, { ...options, consumer: extConsumerId }),
  snapshot: () => snapshotAccount(service, accountId),
  restore: async snapshot => restoreAccount(service, parseSnapshot(snapshot, accountId)),
  reset: () => resetAccounts(service, accountId),
})

function toUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Timeout of calls in flight after `close()`, in ms. */
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

/** Closes a server; connections without a byte received are destroyed, since Node waits for a request on them. */
async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  endKeepAlive(server)
  server.close()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(grace)
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
  const server = createAppServer({
    app: createExpressApp(service, options),
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
    await Promise.all([service.webhooks.close(), closeServer(server, sockets)])
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

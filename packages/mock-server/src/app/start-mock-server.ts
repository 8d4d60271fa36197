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
import { resetAccount, resetAllAccounts } from '../lifecycle/reset.ts'
import { restoreAccount, snapshotAccount } from '../lifecycle/snapshot.ts'
import { type AccountSnapshot, parseSnapshot } from '../lifecycle/snapshot-schema.ts'
import type { Persistence } from '../persistence/persistence.ts'
import { exampleAccountId, type Services } from '../services.ts'
import { type ConversationView, toConversationView } from '../store/conversation-view.ts'
import { type AppOptions, createAppFor, createService } from './create-app.ts'

/** Where the mock listens, and how it is made. */
export interface MockServerOptions extends AppOptions {
  /**
   * TCP port; 0 takes a free one.
   * @default 0
   */
  readonly port?: number
  /**
   * Address to listen on. Off loopback the control API wants `controlToken`, and is closed without one.
   * @default '127.0.0.1'
   */
  readonly host?: string
  /**
   * A folder that keeps what the accounts are: conversations, profiles, files, app installs, clocks, seeded ids and stored webhooks are
   * there again after a restart, also where the process was killed. It is this mock's alone while it runs.
   * @default none: all is kept in memory
   */
  readonly data?: string
}

/** One account of a running mock. */
export interface MockAccount {
  readonly accountId: string
  /** The client of the account's first app install, and its secret. */
  readonly clientId: string
  readonly clientSecret: string
  readonly conversations: {
    /** All conversations, oldest first. */
    list(): Promise<ConversationView[]>
    get(conversationId: string): Promise<ConversationView | undefined>
    /** Opens one for a consumer without a call over the network, under the given id or a new one; rejects where the id is taken. */
    open(extConsumerId: string, conversationId?: string): Promise<ConversationView>
  }
  /** The time of this account, which governs tokens, upload URLs and timestamps. */
  readonly clock: Pick<AccountClock, 'now' | 'frozen' | 'freeze' | 'advance' | 'resume'>
  /** What goes wrong with the calls of this account. */
  readonly faults: Pick<CallFaults, 'add' | 'list' | 'remove' | 'clear'>
  /** The journal of this account: what was asked of it, and what it answered. */
  readonly requests: AccountRequests
  /** What the account's apps are told, and where. Rule: WH-1. */
  readonly webhooks: MockWebhooks
  /** Answers the consumers of this account by script. */
  readonly bot: Bot
  /** The agent's side of a conversation. @default agentId 'agent-1' */
  agent(conversationId: string, agentId?: string): Agent
  /** Signs tokens for a consumer, without a call over the network. */
  tokens(extConsumerId: string, options?: Omit<TokenRequest, 'consumer'>): Promise<TokenPair>
  /** Takes a snapshot of all that the account is; it holds no client secret. */
  snapshot(): Promise<AccountSnapshot>
  /** Goes back to a snapshot of this account; journal and faults stay. Rejects with a `TypeError` that says what is wrong with it. */
  restore(snapshot: AccountSnapshot): Promise<void>
  /** Makes the account what it was at the start: nothing is kept, and its clock, app installs and ids begin anew. */
  reset(): Promise<void>
}

/** A running mock. */
export interface MockServer extends AsyncDisposable {
  /** Base URL of every service, without a slash at its end. */
  readonly url: string
  /** A handle on an account; any id works. The default is the example account, `12345678`. */
  account(accountId?: string): MockAccount
  /** Forgets all conversations, files, requests and faults of all accounts; app installs, clocks and seeded ids are as they were at the start. */
  reset(): Promise<void>
  /** Takes no new calls, waits up to 5 s for those in flight, then frees the port. */
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
  reset: () => resetAccount(service, accountId),
})

function toUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** How long calls in flight may take after `close()`, in ms. */
const closeGraceMs = 5000

/** Node keeps a connection open after its answer, also while the server closes: not for long, then. */
const letGoAfterAnswer = (server: Server): void =>
  void Object.assign(server, { keepAliveTimeout: 1, keepAliveTimeoutBuffer: 0 })

/** The sockets of a server that are open. */
function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/** Ends a server; a connection that nothing came over is none that an answer is owed to, although Node takes it for one. */
async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  letGoAfterAnswer(server)
  server.close()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(grace)
}

/** Opens the data folder where one is given; a mock without one does not load what that takes. */
const openDataOf = async ({ data }: MockServerOptions): Promise<Persistence | undefined> =>
  data === undefined
    ? undefined
    : (await import('../persistence/persistence.ts')).openPersistence(data)

/**
 * Starts the mock; rejects with the system's error where it cannot listen (`EADDRINUSE`, `EACCES`), and with a `DataError` that says what
 * to do where the data folder cannot be used.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const data = await openDataOf(options)
  const service = createService(options, data)
  const server = createAppServer({
    app: createAppFor(service, options),
    serveSend: serveOperation('send', send, service),
    answerFailure: respondToFailure(service, options),
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
    reset: () => resetAllAccounts(service),
    close,
    [Symbol.asyncDispose]: close,
  }
}

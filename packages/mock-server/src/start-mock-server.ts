import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AccountClock } from './account-clock.ts'
import { type Agent, createAgent } from './agent.ts'
import { type ConversationView, toConversationView } from './conversation-view.ts'
import { type AppOptions, createAppFor, createService } from './create-app.ts'
import type { Step } from './model/command.ts'
import type { ConversationState } from './model/conversation-state.ts'
import { reduce } from './model/reduce.ts'
import { exampleAccountId, type Service, toEnvironment } from './service.ts'
import { toLpConsumerId } from './tokens/token-service.ts'
import { transact } from './transact.ts'

/** Where the mock listens, and how it is made. */
export interface MockServerOptions extends AppOptions {
  /**
   * TCP port; 0 takes a free one.
   * @default 0
   */
  readonly port?: number
  /**
   * Address to listen on. Off loopback the control API is closed.
   * @default '127.0.0.1'
   */
  readonly host?: string
}

/** Both tokens of a consumer, ready for the `Authorization` and `X-LP-ON-BEHALF` headers. Rules: AUTH-1, AUTH-2. */
export interface TokenPair {
  readonly appJwt: string
  readonly consumerJws: string
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
  /** The agent's side of a conversation. @default agentId 'agent-1' */
  agent(conversationId: string, agentId?: string): Agent
  /** Signs tokens for a consumer, without a call over the network. */
  tokens(extConsumerId: string): Promise<TokenPair>
}

/** A running mock. */
export interface MockServer extends AsyncDisposable {
  /** Base URL of every service, without a slash at its end. */
  readonly url: string
  /** A handle on an account; any id works. The default is the example account, `12345678`. */
  account(accountId?: string): MockAccount
  /** Forgets all conversations and files of all accounts; app installs, clocks and seeded ids are as they were at the start. */
  reset(): Promise<void>
  /** Takes no new calls, waits up to 5 s for those in flight, then frees the port. */
  close(): Promise<void>
}

function toConversations(accountId: string, service: Service): MockAccount['conversations'] {
  const { store } = service
  const get = async (conversationId: string): Promise<ConversationView | undefined> => {
    const record = await store.load({ accountId, conversationId })
    return record && toConversationView(record)
  }
  return {
    get,
    list: async () => (await store.list(accountId)).map(toConversationView),
    open: async (extConsumerId, conversationId = service.random.uuid(accountId)) => {
      const consumerId = toLpConsumerId(accountId, extConsumerId)
      const command = {
        type: 'open',
        conversationId,
        consumerId,
        request: {},
        features: [],
      } as const
      const step = (state: ConversationState | undefined): Step => {
        if (state) throw new Error(`Account ${accountId} has a conversation ${conversationId}`)
        return reduce(state, command, toEnvironment(service, accountId))
      }
      await transact({ accountId, conversationId }, step, service)
      const opened = await get(conversationId)
      if (opened === undefined) throw new Error(`The store lost conversation ${conversationId}`)
      return opened
    },
  }
}

const toAccount = (accountId: string, service: Service): MockAccount => ({
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
  agent: (conversationId, agentId = 'agent-1') =>
    createAgent({ accountId, conversationId }, agentId, service),
  tokens: async extConsumerId => ({
    appJwt: await service.tokens.signAppJwt(
      accountId,
      service.installs.of(accountId).clientId,
      service.clocks.of(accountId).now(),
    ),
    consumerJws: await service.tokens.signConsumerJws(accountId, extConsumerId),
  }),
})

function toUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** How long calls in flight may take after `close()`, in ms. */
const closeGraceMs = 5000

/** Node keeps a connection open after its answer, also while the server closes: this one ends it then. */
const endAfterAnswer = (server: Server): void => {
  server.on('request', ({ socket }, response) => {
    response.once('finish', () => {
      if (!server.listening) socket.end()
    })
  })
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(grace)
}

/** Starts the mock; rejects with the system's error where it cannot listen (`EADDRINUSE`, `EACCES`). */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const service = createService(options)
  const server = createServer(createAppFor(service, options))
  endAfterAnswer(server)
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const close = () => closeServer(server)
  return {
    url: toUrl(server),
    account: (accountId = exampleAccountId) => toAccount(accountId, service),
    reset: async () => {
      service.installs.reset()
      service.files.clear()
      service.clocks.reset()
      service.random.reset()
      await service.store.clear()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

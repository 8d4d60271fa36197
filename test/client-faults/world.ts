import { type Client, type ClientOptions, type Conversation, createClient } from '@sendbox/client'
import { type MockAccount, type SettingsInput, startMockServer } from '@sendbox/mock-server'
import { type ClientClock, createClientClock } from './clock.ts'
import { watchSockets } from './leaks.ts'

/** Resources left after a client is closed; a correct client leaves none. */
export interface Leftovers {
  readonly timers: number
  readonly sockets: number
}

export const nothingLeft: Leftovers = { timers: 0, sockets: 0 }

/** A mock, a client of it whose waits take no time, and a conversation of the consumer `zoe`. */
export interface FaultWorld extends AsyncDisposable {
  readonly account: MockAccount
  readonly client: Client
  readonly clock: ClientClock
  readonly conversation: Conversation
  /** How many connections the client made. */
  readonly connections: number
  /** Closes the mock, so that nobody listens any more. */
  stopMock(): Promise<void>
  /** Closes the client, then the mock, and tells what the client left. */
  close(): Promise<Leftovers>
}

const consumer = 'zoe'

interface FaultWorldOptions extends Partial<ClientOptions> {
  readonly settings?: SettingsInput
}

export async function startFaultWorld({
  settings = {},
  ...options
}: FaultWorldOptions = {}): Promise<FaultWorld> {
  const server = await startMockServer({ seed: 'faults', settings })
  const account = server.account()
  const { accountId, clientId, clientSecret } = account
  const { conversationId } = await account.conversations.open(consumer)
  const clock = createClientClock()
  const { now, timers } = clock
  const sockets = watchSockets(server.url)
  const client = createClient({
    accountId,
    clientId,
    clientSecret,
    domainApiUrl: server.url,
    now,
    timers,
    random: () => 0,
    ...options,
  })
  const closeAll = async (): Promise<Leftovers> => {
    await client.close()
    const left = { timers: clock.pending, sockets: sockets.open }
    sockets[Symbol.dispose]()
    await server.close()
    return left
  }
  let closing: Promise<Leftovers> | undefined
  const close = (): Promise<Leftovers> => {
    closing ??= closeAll()
    return closing
  }
  return {
    account,
    client,
    clock,
    conversation: client.conversation(conversationId, { consumer }),
    get connections() {
      return sockets.made
    },
    stopMock: () => server.close(),
    close,
    async [Symbol.asyncDispose]() {
      await close()
    },
  }
}

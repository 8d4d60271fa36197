import { startMockServer } from '@sendbox/mock-server'
import { startNotificationReceiver } from '../../traces/notification-receiver.ts'
import { toWebhooks } from '../../traces/trace.ts'
import { pactAccountId, pactConsumerId } from '../states.ts'
import { createMessageProducers } from './message-producers.ts'
import type { Provider } from './provider.ts'
import { createStateHandlers } from './state-handlers.ts'

/** The mock as the provider of a verification. */
export async function createProvider(): Promise<Provider> {
  const server = await startMockServer()
  const receiver = await startNotificationReceiver()
  const account = server.account(pactAccountId)
  account.webhooks.register(toWebhooks(receiver.url))
  const { clientId, clientSecret } = account
  return {
    url: server.url,
    tokens: await account.tokens(pactConsumerId),
    client: { clientId, clientSecret },
    stateHandlers: createStateHandlers(server),
    messageProducers: createMessageProducers(account, receiver),
    async close() {
      await server.close()
      await receiver[Symbol.asyncDispose]()
    },
  }
}

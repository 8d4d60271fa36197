import { startMockServer } from '@sendbox/mock-server'
import type { Provider } from './provider.ts'
import { createStateHandlers } from './state-handlers.ts'
import { pactAccountId, pactConsumerId } from './states.ts'

/** The mock as the provider of a verification. */
export async function createProvider(): Promise<Provider> {
  const server = await startMockServer()
  return {
    url: server.url,
    tokens: await server.account(pactAccountId).tokens(pactConsumerId),
    stateHandlers: createStateHandlers(server),
    close: () => server.close(),
  }
}

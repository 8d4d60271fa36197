import { startMockServer } from '@sendbox/mock-server'
import { pactAccountId, pactConsumerId, providerStates } from '../../src/pact/states.ts'
import { createMockStates } from '../../src/verify/state-handlers.ts'
import type { Provider, StateHandler } from '../../src/verify/verify-pacts.ts'

const fail = async (): Promise<never> => {
  throw new Error('this handler always fails')
}

/** The mock with broken states: one fails to set up, one fails to tear down, one is not torn down, and one has no handler. */
export async function createProvider(): Promise<Provider> {
  const server = await startMockServer()
  const account = server.account(pactAccountId)
  const { clientId, clientSecret } = account
  const states = createMockStates(server)
  const toHandler = (state: string): StateHandler => ({
    setUp: async params => (await states.setUp(state, { ...params })).values,
    tearDown: async params => void (await states.tearDown(state, { ...params })),
  })
  const { openSurvey, uploadedFile } = providerStates
  const stateHandlers = {
    [providerStates.conversationWithTwoTexts]: { setUp: fail, tearDown: async () => undefined },
    [openSurvey]: { ...toHandler(openSurvey), tearDown: fail },
    [uploadedFile]: { ...toHandler(uploadedFile), tearDown: undefined },
  }
  return {
    url: server.url,
    tokens: await account.tokens(pactConsumerId),
    client: { clientId, clientSecret },
    stateHandlers: stateHandlers as unknown as Provider['stateHandlers'],
    messageProducers: {},
    close: () => server.close(),
  }
}

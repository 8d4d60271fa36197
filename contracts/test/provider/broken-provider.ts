import { createProvider as createMock } from '../../src/pact/native/mock-provider.ts'
import type { Provider } from '../../src/pact/native/provider.ts'
import { providerStates } from '../../src/pact/states.ts'

const fail = async (): Promise<never> => {
  throw new Error('this handler always fails')
}

/** The mock with states of which one cannot be entered, one cannot be left, one is never left and one has no handler. */
export async function createProvider(): Promise<Provider> {
  const provider = await createMock()
  const { [providerStates.closedConversation]: _missing, ...stateHandlers } = provider.stateHandlers
  const { [providerStates.openSurvey]: openSurvey, [providerStates.uploadedFile]: uploadedFile } =
    stateHandlers
  const handlers = {
    ...stateHandlers,
    [providerStates.conversationWithTwoTexts]: { setUp: fail, tearDown: async () => undefined },
    [providerStates.openSurvey]: { ...openSurvey, tearDown: fail },
    [providerStates.uploadedFile]: { ...uploadedFile, tearDown: undefined },
  }
  return { ...provider, stateHandlers: handlers as unknown as Provider['stateHandlers'] }
}

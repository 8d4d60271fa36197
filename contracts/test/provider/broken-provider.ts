import { createProvider as createMock } from '../../src/mock-provider.ts'
import type { Provider } from '../../src/provider.ts'
import { providerStates } from '../../src/states.ts'

/** The mock with one state whose handler fails and one without a handler. */
export async function createProvider(): Promise<Provider> {
  const provider = await createMock()
  const { [providerStates.closedConversation]: _missing, ...stateHandlers } = provider.stateHandlers
  return {
    ...provider,
    stateHandlers: {
      ...stateHandlers,
      [providerStates.conversationWithTwoTexts]: async () => {
        throw new Error('this handler always fails')
      },
    },
  }
}

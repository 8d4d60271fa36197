import { createClient } from '@sendbox/client'
import type { MockServer } from '@sendbox/mock-server'
import {
  type ProviderState,
  type ProviderStateValues,
  pactAccountId,
  pactConsumerId,
  providerStates,
} from './states.ts'

/** Brings the provider into a state, and says what the interaction needs to know. */
export type StateHandler = () => Promise<ProviderStateValues>

/** The handler of each provider state, for a mock. */
export function createStateHandlers(server: MockServer): Record<ProviderState, StateHandler> {
  const { accountId, clientId, clientSecret, conversations } = server.account(pactAccountId)
  const openConversation = async () => (await conversations.open(pactConsumerId)).conversationId
  const act = async (
    work: (
      conversation: ReturnType<ReturnType<typeof createClient>['conversation']>,
    ) => Promise<unknown>,
  ) => {
    const conversationId = await openConversation()
    await using client = createClient({
      accountId,
      clientId,
      clientSecret,
      domainApiUrl: server.url,
    })
    await work(client.conversation(conversationId, { consumer: pactConsumerId }))
    return { conversationId }
  }
  return {
    [providerStates.openConversation]: async () => ({ conversationId: await openConversation() }),
    [providerStates.conversationWithTwoTexts]: () =>
      act(async conversation => {
        await conversation.sendText('one')
        await conversation.sendText('two')
      }),
    [providerStates.closedConversation]: () => act(conversation => conversation.close()),
  }
}

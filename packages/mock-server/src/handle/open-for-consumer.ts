import type { Transition } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import { reduce } from '../model/reduce.ts'
import { type Services, toEnvironment } from '../services.ts'
import { transact } from '../store/conversations.ts'
import type { ConversationKey } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'

/** Opens a conversation for a consumer without a call; rejects where the account has one of this id. */
export async function openForConsumer(
  { accountId, conversationId }: ConversationKey,
  extConsumerId: string,
  service: Services,
): Promise<void> {
  const consumerId = toLpConsumerId(accountId, extConsumerId)
  const command = { type: 'open', conversationId, consumerId, request: {}, features: [] } as const
  const step = (state: ConversationState | undefined): Transition => {
    if (state) throw new Error(`Account ${accountId} has a conversation ${conversationId}`)
    return reduce(state, command, toEnvironment(service, accountId))
  }
  await transact({ accountId, conversationId }, step, service)
}

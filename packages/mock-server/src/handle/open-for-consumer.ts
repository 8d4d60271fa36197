import type { Services } from '../services.ts'
import { type ConversationView, toConversationView } from '../store/conversation-view.ts'
import type { ConversationKey } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'

/** Opens a conversation for a consumer without a call; rejects if the account has one with this id. */
export async function openForConsumer(
  key: ConversationKey,
  extConsumerId: string,
  { conversations, installs, store }: Services,
): Promise<ConversationView> {
  const { accountId, conversationId } = key
  const consumerId = toLpConsumerId(accountId, extConsumerId)
  await conversations.run(key, {
    type: 'open',
    conversationId,
    consumerId,
    extConsumerId,
    appInstallId: installs.of(accountId).clientId,
    request: {},
    features: [],
  })
  const record = await store.load(key)
  if (record === undefined) throw new Error(`The store lost conversation ${conversationId}`)
  return toConversationView(record, accountId)
}

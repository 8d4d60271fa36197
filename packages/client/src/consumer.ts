import { type Conversation, createConversation } from './conversation.ts'
import { type OpenConversationOptions, openConversation } from './open-conversation.ts'
import type { Session } from './session.ts'

/** One consumer of the account. */
export interface Consumer {
  /** Your own name of the consumer; the same one is the same consumer each time. Rule: EP-13. */
  readonly extConsumerId: string
  /**
   * Opens a conversation; a consumer has one open conversation at a time. An error that is not
   * retryable may leave one open. Rules: EP-2, CON-2, CON-4.
   */
  openConversation(options?: OpenConversationOptions): Promise<Conversation>
}

export const createConsumer = (session: Session, extConsumerId: string): Consumer => ({
  extConsumerId,
  async openConversation(options = {}) {
    const conversationId = await openConversation(session, extConsumerId, options)
    return createConversation(session, extConsumerId, conversationId)
  },
})

import type { CallOptions } from './call-options.ts'
import type { Conversation } from './conversation/conversation.ts'
import { createConversation } from './conversation/create-conversation.ts'
import {
  type OpenConversationOptions,
  openConversation,
  type Profile,
} from './conversation/open-conversation.ts'
import { sendRequest } from './send/send-request.ts'
import type { Session } from './session/session.ts'

/** One consumer of the account. */
export interface Consumer {
  /** Your stable id of the consumer. Rule: EP-13. */
  readonly extConsumerId: string
  /**
   * Opens a conversation; a consumer has at most one open. After an error with `outcomeUnknown` one
   * may be open. Rules: EP-2, CON-2, CON-4.
   * @example
   * ```ts
   * const conversation = await client.consumer('max').openConversation({ skillId: '12' })
   * await conversation.sendText('Hello')
   * ```
   */
  openConversation(options?: OpenConversationOptions): Promise<Conversation>
  /**
   * Sets the consumer's profile. Rule: PRO-1.
   * @example
   * ```ts
   * await client.consumer('max').setProfile({ firstName: 'Max' })
   * ```
   */
  setProfile(profile: Profile, options?: CallOptions): Promise<void>
}

export const createConsumer = (session: Session, extConsumerId: string): Consumer => ({
  extConsumerId,
  async openConversation(options = {}) {
    const conversationId = await openConversation(session, extConsumerId, options)
    return createConversation(session, extConsumerId, conversationId)
  },
  async setProfile(profile, options = {}) {
    const request = { kind: 'req', type: 'userprofile.SetUserProfile', body: profile } as const
    await sendRequest(session, request, { ...options, consumer: extConsumerId })
  },
})

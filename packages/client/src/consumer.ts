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
  /** Your own name of the consumer; the same one is the same consumer each time. Rule: EP-13. */
  readonly extConsumerId: string
  /**
   * Opens a conversation; a consumer has one open conversation at a time. An error whose
   * `outcomeUnknown` is true may leave one open. Rules: EP-2, CON-2, CON-4.
   */
  openConversation(options?: OpenConversationOptions): Promise<Conversation>
  /** Sets the consumer's profile. Rule: PRO-1. */
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

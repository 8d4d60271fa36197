import type { ChatState, PublishedEvent } from '@sendbox/schema'
import { sendRequest } from './send-request.ts'
import type { Session } from './session.ts'

/** Which number an event took in its dialog, from 0. Rules: SEQ-1, SEQ-4. */
export interface SentEvent {
  readonly sequence: number
}

/**
 * One conversation, as its consumer takes part in it: in its main dialog, whose id is the
 * conversation's. Every method makes one call and rejects with a client error. Rule: PUB-1.
 */
export interface Conversation {
  readonly conversationId: string
  /** Publishes a text message. Rules: PUB-2, SEQ-1. */
  sendText(text: string): Promise<SentEvent>
  /** Says what the consumer is doing; `COMPOSING` stays until another state is set. Rules: PUB-7, CS-2. */
  setChatState(chatState: ChatState): Promise<void>
  /** Says that the messages with these numbers arrived; takes a number itself. Rules: PUB-8, SEQ-1. */
  accept(sequenceList: readonly number[]): Promise<SentEvent>
  /** Closes the conversation and all its dialogs, without a survey. Rule: UPD-2. */
  close(): Promise<void>
}

export function createConversation(
  session: Session,
  extConsumerId: string,
  conversationId: string,
): Conversation {
  const publish = async (event: PublishedEvent): Promise<SentEvent> => {
    const { body } = await sendRequest(
      session,
      { kind: 'req', type: 'ms.PublishEvent', body: { dialogId: conversationId, event } },
      extConsumerId,
    )
    return { sequence: body.sequence }
  }

  return {
    conversationId,
    sendText: text => publish({ type: 'ContentEvent', contentType: 'text/plain', message: text }),
    async setChatState(chatState) {
      await publish({ type: 'ChatStateEvent', chatState })
    },
    accept: sequenceList =>
      publish({
        type: 'AcceptStatusEvent',
        status: 'ACCEPT',
        sequenceList: [...sequenceList],
      }),
    async close() {
      await sendRequest(
        session,
        {
          kind: 'req',
          type: 'cm.UpdateConversationField',
          body: {
            conversationId,
            conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
          },
        },
        extConsumerId,
      )
    },
  }
}

import type { AcceptStatus, AcceptStatusEvent, ConversationField } from '@sendbox/schema'
import type { CallOptions, PublishOptions } from '../call-options.ts'
import { isRepeatedClose } from '../errors/api-error.ts'
import { aboutFile, holdErrors, sendFile } from '../files/send-file.ts'
import { downloadFile, PlaceAnswerSchema } from '../files/storage.ts'
import { type PreparedRequest, prepareRequest, sendRequest } from '../send/send-request.ts'
import { toSentEvent } from '../send/sent-event.ts'
import type { Session } from '../session/session.ts'
import type {
  Conversation,
  EventToPublish,
  PublishEventOptions,
  SentEvent,
} from './conversation.ts'
import { toClosingField } from './conversation.ts'
import { typeWhile } from './typing.ts'

const textEvent = (message: string) =>
  ({ type: 'ContentEvent', contentType: 'text/plain', message }) as const

const receipt = (status: AcceptStatus, sequenceList: readonly number[]): AcceptStatusEvent => ({
  type: 'AcceptStatusEvent',
  status,
  sequenceList: [...sequenceList],
})

/** Gives a conversation that exists; no call is made. */
export function createConversation(
  session: Session,
  consumer: string,
  conversationId: string,
): Conversation {
  const prepareEvent = (
    event: EventToPublish,
    { metadata, mayActTwice, dialogId }: PublishEventOptions,
    purpose?: string,
  ): PreparedRequest<'ms.PublishEvent'> =>
    prepareRequest(
      session,
      {
        kind: 'req',
        type: 'ms.PublishEvent',
        body: {
          dialogId: dialogId ?? conversationId,
          event,
          // Rule LIF-4: it is recorded beside the id of another dialog.
          ...(dialogId !== undefined && { conversationId }),
        },
        ...(metadata !== undefined && { metadata }),
      },
      { consumer, conversationId, mayActTwice, ...(purpose !== undefined && { purpose }) },
    )

  const publish = async (
    event: EventToPublish,
    options: PublishEventOptions = {},
    isEnd = false,
  ): Promise<SentEvent> => {
    const { about, perform } = prepareEvent(event, options)
    const answer = await session.run({ about, options, conversationId, isEnd, work: perform })
    return toSentEvent(answer)
  }

  const update = async (
    conversationField: ConversationField,
    options: CallOptions,
  ): Promise<void> => {
    const body = { conversationId, conversationField }
    const request = { kind: 'req', type: 'cm.UpdateConversationField', body } as const
    await sendRequest(session, request, { ...options, consumer })
  }

  const acknowledge =
    (status: AcceptStatus) =>
    async (sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent> =>
      publish(receipt(status, sequenceList), options)

  return {
    conversationId,
    publish: (event, options) => publish(event, options),
    sendText: (text, options) => publish(textEvent(text), options),
    async sendFile(source, options = {}) {
      holdErrors(source)
      const message = { consumer, conversationId, source, options }
      return session.run({
        about: aboutFile,
        options,
        conversationId,
        work: scope => sendFile(session, scope, message),
      })
    },
    async downloadFile(relativePath, options = {}) {
      const body = { relativePath }
      const request = { kind: 'req', type: 'ms.GenerateURLForDownloadFile', body } as const
      const { about, perform } = prepareRequest(session, request, {
        consumer,
        leastAnswer: PlaceAnswerSchema,
      })
      return session.run({
        about,
        options,
        work: async scope => downloadFile(session, scope, (await perform(scope)).body),
      })
    },
    async setChatState(chatState, options) {
      await publish({ type: 'ChatStateEvent', chatState }, options)
    },
    typing: (work, options = {}) =>
      typeWhile(session, {
        work,
        setChatState: async (chatState, { isEnd, ...itsOptions }) => {
          await publish({ type: 'ChatStateEvent', chatState }, itsOptions, isEnd)
        },
        options,
      }),
    accept: acknowledge('ACCEPT'),
    read: acknowledge('READ'),
    access: acknowledge('ACCESS'),
    nack: acknowledge('NACK'),
    async replyToCard({ sequence, text, metadata }, options = {}) {
      const publishing = { ...options, metadata }
      const action = prepareEvent(
        receipt('ACTION', [sequence]),
        publishing,
        'Sending the ACTION of a card reply',
      )
      const reply = prepareEvent(textEvent(text), publishing, 'Sending the text of a card reply')
      const answer = await session.run({
        about: action.about,
        options,
        conversationId,
        work: async scope => {
          await action.perform(scope)
          return reply.perform(scope)
        },
      })
      return toSentEvent(answer)
    },
    answerSurvey: (dialogId, text, options) => publish(textEvent(text), { ...options, dialogId }),
    async setProfile(profile, options = {}) {
      const request = { kind: 'req', type: 'userprofile.SetUserProfile', body: profile } as const
      const { about, perform } = prepareRequest(session, request, { consumer })
      await session.run({ about, options, conversationId, work: perform })
    },
    async rate({ csatRate, csatResolutionConfirmation, status = 'FILLED' }, options = {}) {
      await update({ field: 'CSATRate', csatRate, csatResolutionConfirmation, status }, options)
    },
    async close(options = {}) {
      try {
        await update(toClosingField(conversationId, options), options)
      } catch (error) {
        if (!isRepeatedClose(error)) throw error
      }
    },
  }
}

import type { AcceptStatus, AcceptStatusEvent, ConversationField } from '@sendbox/schema'
import { NeededFileUrlSchema } from '../call/needed-response.ts'
import type { CallOptions, PublishOptions } from '../call-options.ts'
import { isRetriedClose } from '../errors/api-error.ts'
import { ignoreEarlyErrors, sendFile, sendFileInfo } from '../files/send-file.ts'
import { downloadFile } from '../files/storage.ts'
import { type PreparedRequest, prepareRequest, sendRequest } from '../send/send-request.ts'
import { type SentEvent, toSentEvent } from '../send/sent-event.ts'
import type { Session } from '../session/session.ts'
import {
  type Conversation,
  type EventToPublish,
  type PublishEventOptions,
  toClosingField,
} from './conversation.ts'
import { typing } from './typing.ts'

const textEvent = (message: string) =>
  ({ type: 'ContentEvent', contentType: 'text/plain', message }) as const

const receipt = (status: AcceptStatus, sequenceList: readonly number[]): AcceptStatusEvent => ({
  type: 'AcceptStatusEvent',
  status,
  sequenceList: [...sequenceList],
})

/** Creates a handle of an existing conversation; makes no request. */
export function createConversation(
  session: Session,
  consumer: string,
  conversationId: string,
): Conversation {
  const prepareEvent = (
    event: EventToPublish,
    options: PublishEventOptions,
    purpose?: string,
  ): PreparedRequest<'ms.PublishEvent'> => {
    const { metadata, dialogId } = options
    return prepareRequest(
      session,
      {
        kind: 'req',
        type: 'ms.PublishEvent',
        body: {
          dialogId: dialogId ?? conversationId,
          event,
          // Recorded beside the id of another dialog. Rule: LIF-4.
          ...(dialogId !== undefined && { conversationId }),
        },
        ...(metadata !== undefined && { metadata }),
      },
      { ...options, consumer, conversationId, ...(purpose !== undefined && { purpose }) },
    )
  }

  const publish = async (
    event: EventToPublish,
    options: PublishEventOptions = {},
    isCleanup = false,
  ): Promise<SentEvent> => {
    const { callInfo, execute } = prepareEvent(event, options)
    const call = { callInfo, options, conversationId, isCleanup, work: execute }
    return toSentEvent(await session.run(call))
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
      ignoreEarlyErrors(source)
      const message = { consumer, conversationId, source, options }
      return session.run({
        callInfo: sendFileInfo,
        options,
        conversationId,
        work: scope => sendFile(session, scope, message),
      })
    },
    async downloadFile(relativePath, options = {}) {
      const body = { relativePath }
      const request = { kind: 'req', type: 'ms.GenerateURLForDownloadFile', body } as const
      const { callInfo, execute } = prepareRequest(session, request, {
        consumer,
        minResponseSchema: NeededFileUrlSchema,
      })
      return session.run({
        callInfo,
        options,
        work: async scope => downloadFile(session, scope, (await execute(scope)).body),
      })
    },
    async setChatState(chatState, options) {
      await publish({ type: 'ChatStateEvent', chatState }, options)
    },
    typing: (work, options = {}) =>
      typing(session.inFlight, {
        work,
        async setChatState(chatState, stateOptions, isCleanup) {
          await publish({ type: 'ChatStateEvent', chatState }, stateOptions, isCleanup)
        },
        options,
      }),
    accept: acknowledge('ACCEPT'),
    read: acknowledge('READ'),
    access: acknowledge('ACCESS'),
    nack: acknowledge('NACK'),
    async replyToCard({ sequence, text, metadata }, options = {}) {
      const withMetadata = { ...options, metadata }
      const action = prepareEvent(
        receipt('ACTION', [sequence]),
        withMetadata,
        'Sending the ACTION of a card reply',
      )
      const reply = prepareEvent(textEvent(text), withMetadata, 'Sending the text of a card reply')
      const response = await session.run({
        callInfo: action.callInfo,
        options,
        conversationId,
        work: async scope => {
          await action.execute(scope)
          return reply.execute(scope)
        },
      })
      return toSentEvent(response)
    },
    answerSurvey: (dialogId, text, options) => publish(textEvent(text), { ...options, dialogId }),
    async setProfile(profile, options = {}) {
      const request = { kind: 'req', type: 'userprofile.SetUserProfile', body: profile } as const
      await sendRequest(session, request, { ...options, consumer, conversationId })
    },
    async rate({ csatRate, csatResolutionConfirmation, status = 'FILLED' }, options = {}) {
      await update({ field: 'CSATRate', csatRate, csatResolutionConfirmation, status }, options)
    },
    async close(options = {}) {
      try {
        await update(toClosingField(conversationId, options), options)
      } catch (error) {
        if (!isRetriedClose(error)) throw error
      }
    },
  }
}

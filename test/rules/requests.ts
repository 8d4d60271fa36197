import { type ApiCall, batchPath, call, view } from './calls.ts'
import type { Request } from './row.ts'
import { accountId, type World } from './world.ts'

/** Sends one request with the id 1, as far as it has none. */
export const send = (request: object, more: Partial<ApiCall> = {}): Request =>
  call({ json: { kind: 'req', id: '1', ...request }, ...more })

/** The id of a dialog of the row's conversation. */
export type DialogOf = (world: World) => Promise<string> | string

export const mainDialog: DialogOf = ({ memory }) => memory.conversationId

/** The survey that followed the main dialog. */
export const surveyDialog: DialogOf = async world => {
  const { dialogs } = (await view(world)).json as { dialogs: { dialogId: string }[] }
  return dialogs[1]?.dialogId ?? 'no survey'
}

/** Further fields of a publish, in its body and beside it. */
interface PublishOptions extends Partial<ApiCall> {
  readonly body?: object
  readonly request?: object
}

/** Publishes an event to a dialog of the row's conversation. */
export const publishTo =
  (dialog: DialogOf, event: unknown, { body, request, ...more }: PublishOptions = {}): Request =>
  async world =>
    send(
      {
        type: 'ms.PublishEvent',
        body: { dialogId: await dialog(world), event, ...body },
        ...request,
      },
      more,
    )(world)

/** Publishes an event to the main dialog. */
export const publish = (event: unknown, more: PublishOptions = {}): Request =>
  publishTo(mainDialog, event, more)

/** Changes a field or several of the row's conversation. */
export const update =
  (conversationField: unknown): Request =>
  world =>
    send({
      type: 'cm.UpdateConversationField',
      body: { conversationId: world.memory.conversationId, conversationField },
    })(world)

export const text = (message: string) => ({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message,
})
export const file = (message: object) => ({
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message,
})
export const chatState = (state: string) => ({ type: 'ChatStateEvent', chatState: state })
export const receipt = (status: string, sequenceList: unknown) => ({
  type: 'AcceptStatusEvent',
  status,
  sequenceList,
})
export const card = { type: 'RichContentEvent', content: { type: 'text', text: 'Hello' } }

export const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }
export const csat = {
  field: 'CSATRate',
  csatRate: 5,
  csatResolutionConfirmation: true,
  status: 'FILLED',
}
export const ttr = (ttrType: string, value: unknown) => ({ field: 'TTRField', ttrType, value })

/** Closes the row's conversation. */
export const close = update(closing)

/** Closes one dialog of the row's conversation. */
export const closeDialog =
  (dialog: DialogOf): Request =>
  async world => {
    const change = { dialogId: await dialog(world), state: 'CLOSE' }
    return update({ field: 'DialogChange', type: 'UPDATE', dialog: change })(world)
  }

export const profile = { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} }
export const opening = (body: object = {}) => ({
  kind: 'req',
  id: '2',
  type: 'cm.ConsumerRequestConversation',
  body: { brandId: accountId, ...body },
})
export const firstMessage = {
  kind: 'req',
  id: '3',
  type: 'ms.PublishEvent',
  body: { event: text('first') },
}

/** Sends a batch to CONVERSATION. */
export const sendBatch = (batch: unknown, more: Partial<ApiCall> = {}): Request =>
  call({ path: batchPath, json: batch, ...more })

const idIn = (answers: unknown): string | undefined =>
  Array.isArray(answers)
    ? answers.map(answer => answer?.body?.conversationId).find(id => id !== undefined)
    : undefined

/** Opens a conversation by CONVERSATION, which the row speaks of from then on. */
export const open =
  (body: object = {}, more: Partial<ApiCall> = {}): Request =>
  async world => {
    const answer = await sendBatch([profile, opening(body)], more)(world)
    world.memory.conversationId = idIn(answer.json) ?? 'none was opened'
    return answer
  }

const clientProperties = (features: unknown): Partial<ApiCall> => ({
  headers: { 'Client-Properties': JSON.stringify({ type: '.ClientProperties', features }) },
})

/** Opens a conversation that a survey may follow. Rule: UPD-3a. */
export const openWithSurvey = open({ skillId: '7' }, clientProperties(['MULTI_DIALOG']))

import type {
  components,
  operations,
  webhooks,
} from '../../../.generated/openapi-client/openapi.ts'

type Schemas = components['schemas']
type JsonOf<Content> = Content extends { content: { 'application/json': infer Body } }
  ? Body
  : never
type Send = operations['send']
type SendBody = JsonOf<Send['requestBody']>

const composing = { type: 'ChatStateEvent', chatState: 'COMPOSING' } as const
const publish = { id: 1, type: 'ms.PublishEvent' } as const

export const chatState: SendBody = { ...publish, body: { dialogId: 'dialog', event: composing } }
export const bareSequence: SendBody = {
  ...publish,
  body: {
    dialogId: 'dialog',
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: 3 },
    // A field that the schema does not know is kept.
    conversationId: 'conversation',
    unknownField: true,
  },
}
export const card: SendBody = {
  ...publish,
  body: { dialogId: 'dialog', event: { type: 'RichContentEvent', content: { type: 'button' } } },
}
export const close: SendBody = {
  id: '1,',
  type: 'cm.UpdateConversationField',
  body: {
    conversationId: 'conversation',
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  },
}

const misspelt = { type: 'ChatStateEvent', chatState: 'COMPOSNG' } as const
const emptyCard = { type: 'RichContentEvent' } as const
const { id: _, ...withoutId } = chatState

// @ts-expect-error: no such chat state
export const misspeltState: SendBody = { ...publish, body: { dialogId: 'd', event: misspelt } }
// @ts-expect-error: an event goes to a dialog
export const withoutDialog: SendBody = { ...publish, body: { event: composing } }
// @ts-expect-error: a request has an id
export const anonymous: SendBody = withoutId
// @ts-expect-error: no such request
export const misspeltType: SendBody = { ...chatState, type: 'ms.PublishEvnt' }
// @ts-expect-error: a card has a content or a message
export const cardWithout: SendBody = { ...publish, body: { dialogId: 'd', event: emptyCard } }

export const query: Send['parameters']['query'] = { v: '3' }
// @ts-expect-error: another version is answered with 404
export const otherVersion: Send['parameters']['query'] = { v: '2' }
export const path: operations['baseUri']['parameters']['path'] = {
  accountId: '12345678',
  serviceName: 'idp',
}
// @ts-expect-error: every path has the account
export const withoutAccount: Send['parameters']['path'] = {}
export const form: operations['appToken']['requestBody']['content']['application/x-www-form-urlencoded'] =
  { client_id: 'id', client_secret: 'secret' }

export function sequenceOf({ body }: Schemas['PublishEventResponse']): number {
  // @ts-expect-error: an undocumented field of an answer may be anything
  const text: string = body.msg
  void text
  return body.sequence
}

export function errorCodeOf(error: JsonOf<Send['responses'][401]>): number | undefined {
  return typeof error.body === 'string' ? undefined : error.body.errorCode
}

export function summarize(request: SendBody): string {
  // @ts-expect-error: not every request has a dialog
  const anyDialogId: string = request.body.dialogId
  if (request.type !== 'ms.PublishEvent') return anyDialogId
  const { event } = request.body
  return event.type === 'ChatStateEvent' ? event.chatState : event.type
}

type Told = JsonOf<webhooks['ms.MessagingEventNotification']['post']['requestBody']>

export const toldSequences = ({ body }: Told): (number | null | undefined)[] =>
  body.changes.map(({ sequence }) => sequence)
// @ts-expect-error: a notification may have no change
export const firstDialogId = ({ body }: Told): string => body.changes[0].dialogId

import { isRecord } from '@sendbox/schema'
import { CommandError } from '../terminal.ts'

/** The message that the command line describes: exactly one of text, chat state, receipt, close and body. */
export interface Message {
  readonly text?: string | undefined
  readonly chatState?: string | undefined
  readonly accept?: string | undefined
  readonly close?: boolean | undefined
  readonly type?: string | undefined
  /** The parsed JSON of a request's body. */
  readonly body?: unknown
  readonly consumer?: string | undefined
  readonly conversation?: string | undefined
}

/** A request whose conversation may still have to be opened. */
export interface RequestPlan {
  readonly needsConversation: boolean
  toRequest(conversationId: string): unknown
}

const publish = (event: unknown): RequestPlan => planOf('ms.PublishEvent', { event })

/** The field of a body that has the conversation id, by the type of the request. Rules: PUB-1.1, UPD-1. */
const conversationFields: Readonly<Record<string, string>> = {
  'ms.PublishEvent': 'dialogId',
  'cm.UpdateConversationField': 'conversationId',
}

function planOf(type: string, body: unknown): RequestPlan {
  const field = conversationFields[type]
  const isMissing = field !== undefined && isRecord(body) && !(field in body)
  return {
    needsConversation: isMissing,
    toRequest: conversationId => ({
      kind: 'req',
      id: '1',
      type,
      body: isMissing ? { [field]: conversationId, ...body } : body,
    }),
  }
}

/** The request of each of text, chat state, receipt, close and body that is given. */
function toPlans({ text, chatState, accept, close, type, body }: Message): RequestPlan[] {
  const plans: RequestPlan[] = []
  if (text !== undefined)
    plans.push(publish({ type: 'ContentEvent', contentType: 'text/plain', message: text }))
  if (chatState !== undefined) plans.push(publish({ type: 'ChatStateEvent', chatState }))
  if (accept !== undefined) {
    const sequenceList = accept.split(',').map(Number)
    plans.push(publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList }))
  }
  if (close) {
    const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
    plans.push(planOf('cm.UpdateConversationField', { conversationField }))
  }
  if (body !== undefined) plans.push(planOf(type ?? 'ms.PublishEvent', body))
  return plans
}

const usageError = (message: string): CommandError => new CommandError(message, 2)

/** Returns the one request that the command line describes; throws a `CommandError` for none, several or contradictory flags. */
export function planRequest(message: Message): RequestPlan {
  const { accept, close, type, body, consumer, conversation } = message
  const [plan, ...others] = toPlans(message)
  if (type !== undefined && body === undefined) throw usageError('--type needs --body')
  if (plan === undefined)
    throw usageError(
      'there is nothing to send: give a text, --chat-state, --accept, --close or --body',
    )
  if (others.length > 0)
    throw usageError('give one of these: a text, --chat-state, --accept, --close or --body')
  if (conversation !== undefined && consumer === undefined)
    throw usageError('--conversation needs --consumer, whose conversation it is')
  if (conversation === undefined && (accept !== undefined || close))
    throw usageError('--accept and --close need --conversation and --consumer')
  return plan
}

/** What a user asked to send; one of text, chat state, receipt, close and body. */
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

/** A request that is to be sent once its conversation is known. */
export interface RequestPlan {
  readonly needsConversation: boolean
  toRequest(conversationId: string): unknown
}

/** A plan, or what is wrong with the command line. */
export type RequestPlanResult =
  | { readonly ok: true; readonly plan: RequestPlan }
  | { readonly ok: false; readonly message: string }

const publish = (event: unknown): RequestPlan => planOf('ms.PublishEvent', { event })

/** The field that names the conversation in a body, by the type of the request. Rules: PUB-1.1, UPD-1. */
const conversationFields: Readonly<Record<string, string>> = {
  'ms.PublishEvent': 'dialogId',
  'cm.UpdateConversationField': 'conversationId',
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function planOf(type: string, body: unknown): RequestPlan {
  const field = conversationFields[type]
  const isMissing = field !== undefined && isObject(body) && !(field in body)
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

function toPlan({ text, chatState, accept, close, type, body }: Message): RequestPlan | undefined {
  if (text !== undefined)
    return publish({ type: 'ContentEvent', contentType: 'text/plain', message: text })
  if (chatState !== undefined) return publish({ type: 'ChatStateEvent', chatState })
  if (accept !== undefined) {
    const sequenceList = accept.split(',').map(Number)
    return publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList })
  }
  if (close === true) {
    const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
    return planOf('cm.UpdateConversationField', { conversationField })
  }
  return body === undefined ? undefined : planOf(type ?? 'ms.PublishEvent', body)
}

const fail = (message: string): RequestPlanResult => ({ ok: false, message })

/** Says what is to be sent. */
export function planRequest(message: Message): RequestPlanResult {
  const { text, chatState, accept, close, type, body, consumer, conversation } = message
  const given = [text, chatState, accept, close || undefined, body].filter(
    value => value !== undefined,
  )
  const plan = toPlan(message)
  if (type !== undefined && body === undefined) return fail('--type needs --body')
  if (plan === undefined)
    return fail('there is nothing to send: give a text, --chat-state, --accept, --close or --body')
  if (given.length > 1)
    return fail('give one of these: a text, --chat-state, --accept, --close or --body')
  if (conversation !== undefined && consumer === undefined)
    return fail('--conversation needs --consumer, whose conversation it is')
  if (conversation === undefined && (accept !== undefined || close))
    return fail('--accept and --close need --conversation and --consumer')
  return { ok: true, plan }
}

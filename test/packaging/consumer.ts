import type { Step, Transition } from '@sendbox/mock-server/model'
import {
  type OperationId,
  operations,
  type ParseResult,
  type Problem,
  parseSendRequest,
  type RuleId,
  type SendRequest,
  type SendRequestInput,
  type SendRequestSchema,
} from '@sendbox/schema'

type Same<A, B> = [A, B] extends [B, A] ? true : false

export const parserAnswersSendRequest: Same<
  ReturnType<typeof parseSendRequest>,
  ParseResult<SendRequest>
> = true
export const schemaAnswersSendRequest: Same<
  ReturnType<typeof SendRequestSchema.parse>,
  SendRequest
> = true
// @ts-expect-error: the input type is wider than the output type
export const inputIsWider: Same<SendRequestInput, SendRequest> = true

export const deprecatedStepIsTransition: Same<Step, Transition> = true

const chatStateRequest = {
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState: 'COMPOSING' } },
} as const
const misspeltRequest = {
  ...chatStateRequest,
  body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState: 'COMPOSNG' } },
} as const
const { id: _, ...requestWithoutId } = chatStateRequest
const bareSequenceRequest = {
  ...chatStateRequest,
  body: {
    dialogId: 'dialog',
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: 3 },
  },
} as const

export const composing: SendRequestInput = chatStateRequest
// @ts-expect-error: no such chat state
export const misspeltChatState: SendRequestInput = misspeltRequest
// @ts-expect-error: a request has an id
export const withoutId: SendRequestInput = requestWithoutId
// @ts-expect-error: no such request
export const misspeltType: SendRequestInput = { ...chatStateRequest, type: 'ms.PublishEvnt' }
export const bareSequence: SendRequestInput = bareSequenceRequest
// @ts-expect-error: what is read holds a list
export const parsedBareSequence: SendRequest = bareSequenceRequest

export function firstProblem(value: unknown): Problem | undefined {
  const result = parseSendRequest(value)
  // @ts-expect-error: a refused request has no `request`
  void result.request
  if (result.ok) return void result.request
  const first: Problem = result.problems[0]
  // @ts-expect-error: there may be no second problem
  const second: Problem = result.problems[1]
  // @ts-expect-error: the problems are not the caller's to change
  result.problems.push(second)
  return first
}

export const knownRule: RuleId = 'PUB-7'
// @ts-expect-error: no such rule
export const unknownRule: RuleId = 'XX-1'

export const knownOperation: OperationId = 'send'
// @ts-expect-error: no such operation
export const unknownOperation: OperationId = 'sned'
export const sendMethod: 'POST' = operations.send.method

export function summarize(request: SendRequest): string | readonly number[] {
  // @ts-expect-error: not every request has a dialog
  const anyDialogId: string = request.body.dialogId
  if (request.type !== 'ms.PublishEvent') return anyDialogId
  const dialogId: string = request.body.dialogId
  const { event } = request.body
  // @ts-expect-error: only a chat state event has a chat state
  const chatState: string = event.chatState
  if (event.type === 'ChatStateEvent') return event.chatState
  if (event.type === 'AcceptStatusEvent') return event.sequenceList
  return `${event.type} to ${dialogId} ${chatState}`
}

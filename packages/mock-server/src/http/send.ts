import { operations, type Participant, parseSendRequest, type SendRequest } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Command } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import type { Service } from '../service.ts'
import { type Answer, type Checked, refusal, refuseProblem, toErrorAnswer } from './answer.ts'
import { authorizeConsumer } from './authorize.ts'
import { readJson } from './read-json.ts'
import { readRequestId, readRequestType } from './request-id.ts'
import { checkVersion } from './version.ts'

const sendTypes: readonly string[] = operations.send.request.options.map(
  option => option.shape.type.value,
)

/** Rules: EP-4, REQ-3, RES-7, and AUTH-11 for the limits after the schema. */
function readSendRequest(payload: unknown): Checked<SendRequest> {
  if (Array.isArray(payload)) return refusal(40051)
  const type = readRequestType(payload)
  if (type !== undefined && !sendTypes.includes(type)) return refusal(40053, { type })
  const result = parseSendRequest(payload)
  if (result.ok) return { ok: true, value: result.request }
  return refuseProblem(result.problems[0])
}

type Publish = Extract<SendRequest, { type: 'ms.PublishEvent' }>
type Update = Extract<SendRequest, { type: 'cm.UpdateConversationField' }>

/** A request for the model, and the conversation that it is about; the main dialog's id is its conversation's. Rule: PUB-1. */
interface ModelRequest {
  readonly conversationId: string
  readonly command: Command
}

function fromPublish({ body, metadata }: Publish, participant: Participant): ModelRequest {
  const { conversationId, dialogId, event } = body
  return {
    conversationId: conversationId ?? dialogId,
    command: { type: 'publish', participant, dialogId, event, ...(metadata && { metadata }) },
  }
}

function fromUpdate({ body }: Update, participant: Participant): Checked<ModelRequest> {
  const { conversationId, conversationField } = body
  const fields = conversationField.filter(field => field.field === 'ConversationStateField')
  const other = conversationField.find(field => field.field !== 'ConversationStateField')
  return other
    ? refusal(50151, { what: other.field })
    : {
        ok: true,
        value: { conversationId, command: { type: 'updateFields', participant, fields } },
      }
}

function toModelRequest(request: SendRequest, participant: Participant): Checked<ModelRequest> {
  switch (request.type) {
    case 'ms.PublishEvent':
      return { ok: true, value: fromPublish(request, participant) }
    case 'cm.UpdateConversationField':
      return fromUpdate(request, participant)
    default:
      return refusal(50151, { what: request.type })
  }
}

/** Answers SEND: one action on one conversation. Rules: EP-1, AUTH-11, RES-1, RES-1a. */
export async function send(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const { accountId } = request.params
  const consumer = await authorizeConsumer(request, accountId, service)
  if (!consumer.ok) return toErrorAnswer(consumer.refusal, service.settings)
  const version = checkVersion(request, operations.send.query)
  if (!version.ok) return toErrorAnswer(version.refusal, service.settings)
  const payload = await readJson(request, response)
  if (!payload.ok) return toErrorAnswer(payload.refusal, service.settings)
  const reqId = readRequestId(payload.value)
  const parsed = readSendRequest(payload.value)
  if (!parsed.ok) return toErrorAnswer({ ...parsed.refusal, reqId }, service.settings)

  const participant = { id: consumer.value, role: 'CONSUMER' } as const
  const asked = toModelRequest(parsed.value, participant)
  if (!asked.ok) return toErrorAnswer({ ...asked.refusal, reqId }, service.settings)
  const { conversationId, command } = asked.value
  const { reply } = await service.store.transact({ accountId, conversationId }, state =>
    reduce(state, command, { now: service.now() }),
  )
  return reply.ok
    ? { status: 200, body: { reqId, code: 'OK', body: reply.body } }
    : toErrorAnswer({ errorCode: reply.errorCode, reqId }, service.settings)
}

import { operations, parseSendRequest, type SendRequest } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Command } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import type { Service } from '../service.ts'
import { type Answer, type Checked, refusal, toErrorAnswer } from './answer.ts'
import { authorizeConsumer } from './authorize.ts'
import { readJson } from './read-json.ts'
import { readRequestId, readRequestType } from './request-id.ts'
import { checkVersion } from './version.ts'

const sendTypes: readonly string[] = operations.send.request.options.map(
  option => option.shape.type.value,
)

/** Rules: EP-4, REQ-3, RES-7. */
function readSendRequest(payload: unknown): Checked<SendRequest> {
  if (Array.isArray(payload)) return refusal(40051)
  const type = readRequestType(payload)
  if (type !== undefined && !sendTypes.includes(type)) return refusal(40053, { type })
  const result = parseSendRequest(payload)
  if (result.ok) return { ok: true, value: result.request }
  const [problem] = result.problems
  return refusal(40052, { pointer: problem.path, expected: problem.expected })
}

/** Which conversation a request is about; the main dialog's id is its conversation's. Rule: PUB-1. */
const conversationIdOf = (request: SendRequest): string =>
  request.type === 'ms.PublishEvent'
    ? (request.body.conversationId ?? request.body.dialogId)
    : request.body.conversationId

function toCommand(request: SendRequest, consumerId: string): Command {
  const participant = { id: consumerId, role: 'CONSUMER' } as const
  if (request.type === 'cm.UpdateConversationField')
    return { type: 'updateFields', participant, fields: request.body.conversationField }
  const { dialogId, event } = request.body
  const { metadata } = request
  return { type: 'publish', participant, dialogId, event, ...(metadata && { metadata }) }
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

  const key = { accountId, conversationId: conversationIdOf(parsed.value) }
  const command = toCommand(parsed.value, consumer.value)
  const { reply } = await service.store.transact(key, state =>
    reduce(state, command, { now: service.now() }),
  )
  return reply.ok
    ? { status: 200, body: { reqId, code: 'OK', body: reply.body } }
    : toErrorAnswer({ errorCode: reply.errorCode, reqId }, service.settings)
}

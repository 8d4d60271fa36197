import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  operations,
  parseConversationBatch,
} from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Command } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import type { Service } from '../service.ts'
import { type Answer, type Checked, refusal, refuseProblem, toErrorAnswer } from './answer.ts'
import { authorizeConsumer } from './authorize.ts'
import { readJson } from './read-json.ts'
import { readRequestId, readRequestType } from './request-id.ts'
import { checkVersion } from './version.ts'

const batchTypes: readonly string[] = ConversationBatchItemSchema.options.map(
  option => option.shape.type.value,
)

type Opening = Extract<ConversationBatchItem, { type: 'cm.ConsumerRequestConversation' }>

/** A batch that was read, with the request in it that opens the conversation. */
interface ReadBatch {
  readonly items: ConversationBatch
  readonly opening: Opening
}

const refuseItem = (item: unknown, refused: ReturnType<typeof refusal>) => ({
  ok: false as const,
  refusal: { ...refused.refusal, reqId: readRequestId(item) },
})

/** Rules: CON-2, CON-3, CON-5, RES-7. */
function readBatch(payload: unknown, accountId: string): Checked<ReadBatch> {
  if (!Array.isArray(payload) || payload.length < 2) return refusal(40059)
  const items: readonly unknown[] = payload
  for (const item of items) {
    const type = readRequestType(item)
    if (type !== undefined && !batchTypes.includes(type))
      return refuseItem(item, refusal(40053, { type }))
  }
  const result = parseConversationBatch(payload)
  if (!result.ok) {
    const [problem] = result.problems
    const item = items[Number(problem.path.split('/')[1] ?? 0)]
    return refuseItem(item, refuseProblem(problem))
  }
  const opening = result.request.find(item => item.type === 'cm.ConsumerRequestConversation')
  if (opening === undefined) throw new Error('A checked batch opens no conversation')
  if (opening.body.brandId === undefined) return refuseItem(opening, refusal(40001))
  if (opening.body.brandId !== accountId) return refuseItem(opening, refusal(40060))
  return { ok: true, value: { items: result.request, opening } }
}

function toCommand(
  item: ConversationBatchItem,
  conversationId: string,
  consumerId: string,
): Command | undefined {
  switch (item.type) {
    case 'userprofile.SetUserProfile':
      return undefined
    case 'cm.ConsumerRequestConversation':
      return { type: 'open', conversationId, consumerId, request: item.body }
    case 'ms.PublishEvent':
      return {
        type: 'publish',
        participant: { id: consumerId, role: 'CONSUMER' },
        dialogId: conversationId,
        event: item.body.event,
        ...(item.metadata && { metadata: item.metadata }),
      }
  }
}

/** Answers CONVERSATION: all of a batch or nothing of it. Rules: EP-2, CON-5, RES-1a, RES-4. */
export async function conversation(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const { accountId } = request.params
  const consumer = await authorizeConsumer(request, accountId, service)
  if (!consumer.ok) return toErrorAnswer(consumer.refusal, service.settings)
  const version = checkVersion(request, operations.conversation.query)
  if (!version.ok) return toErrorAnswer(version.refusal, service.settings)
  const payload = await readJson(request, response)
  if (!payload.ok) return toErrorAnswer(payload.refusal, service.settings)
  const batch = readBatch(payload.value, accountId)
  if (!batch.ok) return toErrorAnswer(batch.refusal, service.settings)

  const { items, opening } = batch.value
  const key = { accountId, conversationId: service.newUuid() }
  const answers = new Map<ConversationBatchItem, unknown>()
  for (const item of [opening, ...items.filter(other => other !== opening)]) {
    const command = toCommand(item, key.conversationId, consumer.value)
    const step =
      command &&
      (await service.store.transact(key, state => reduce(state, command, { now: service.now() })))
    if (step?.reply.ok === false)
      throw new Error(`A new conversation refused ${item.type} with ${step.reply.errorCode}`)
    const body = step?.reply.body ?? { msg: 'OK User Profile set successfully' }
    answers.set(item, { code: 'OK', body, reqId: readRequestId(item) })
  }
  return { status: 200, body: items.map(item => answers.get(item)) }
}

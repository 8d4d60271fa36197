import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  checkLimits,
  operations,
  parseConversationBatch,
} from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Command, Step } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import type { Service } from '../service.ts'
import { toEnvironment } from '../service.ts'
import type { Settings } from '../settings.ts'
import { type Answer, type Checked, refusal, refuseProblem, toErrorAnswer } from './answer.ts'
import { authorizeConsumer } from './authorize.ts'
import { readFeatures } from './client-properties.ts'
import { readJson } from './read-json.ts'
import { readRequestId, readRequestType } from './request-id.ts'
import { checkVersion } from './version.ts'

const batchTypes: readonly string[] = ConversationBatchItemSchema.options.map(
  option => option.shape.type.value,
)

type ItemOf<Type extends ConversationBatchItem['type']> = Extract<
  ConversationBatchItem,
  { type: Type }
>

/** A batch that was read, item by item; `items` are in the order of the wire. */
interface ReadBatch {
  readonly items: ConversationBatch
  readonly profile: ItemOf<'userprofile.SetUserProfile'>
  readonly opening: ItemOf<'cm.ConsumerRequestConversation'>
  readonly firstMessage?: ItemOf<'ms.PublishEvent'> | undefined
}

const refuseItem = (item: unknown, refused: ReturnType<typeof refusal>) => ({
  ok: false as const,
  refusal: { ...refused.refusal, reqId: readRequestId(item) },
})

/** Rules: CON-2, CON-3, CON-5, RES-7. */
function readBatch(
  payload: unknown,
  accountId: string,
  { mode, limits }: Settings,
): Checked<ReadBatch> {
  if (!Array.isArray(payload) || payload.length < 2) return refusal(40059)
  const sent: readonly unknown[] = payload
  for (const item of sent) {
    const type = readRequestType(item)
    if (type !== undefined && !batchTypes.includes(type))
      return refuseItem(item, refusal(40053, { type }))
  }
  const result = parseConversationBatch(payload, { mode, limits: false })
  if (!result.ok) {
    const [problem] = result.problems
    const item = sent[Number(problem.path.split('/')[1] ?? 0)]
    return refuseItem(item, refuseProblem(problem))
  }
  const items = result.request
  const profile = items.find(item => item.type === 'userprofile.SetUserProfile')
  const opening = items.find(item => item.type === 'cm.ConsumerRequestConversation')
  const firstMessage = items.find(item => item.type === 'ms.PublishEvent')
  if (profile === undefined || opening === undefined)
    throw new Error('A checked batch lacks its profile or its conversation')
  if (opening.body.brandId === undefined) return refuseItem(opening, refusal(40001))
  if (opening.body.brandId !== accountId) return refuseItem(opening, refusal(40060))
  const [exceeded] = firstMessage ? checkLimits(firstMessage, { mode, limits }) : []
  if (exceeded) return refuseItem(firstMessage, refuseProblem(exceeded))
  return { ok: true, value: { items, profile, opening, firstMessage } }
}

type Opening = Extract<Command, { type: 'open' }>

/** Opens a conversation, or does with the open one what the setting says. Rule: CON-4. */
const openOrNot =
  (command: Opening, service: Service, accountId: string) =>
  (openConversationIds: readonly string[]): Step => {
    const [conversationId] = openConversationIds
    const { secondConversation } = service.settings
    if (conversationId === undefined || secondConversation === 'allow')
      return reduce(undefined, command, toEnvironment(service, accountId))
    return secondConversation === 'reuse'
      ? { state: undefined, reply: { ok: true, body: { conversationId } }, events: [] }
      : { state: undefined, reply: { ok: false, errorCode: 40057 }, events: [] }
  }

interface OpenedFor {
  readonly accountId: string
  readonly consumerId: string
  readonly conversationId: string
}

async function publishFirst(
  { body, metadata }: ItemOf<'ms.PublishEvent'>,
  { accountId, consumerId, conversationId }: OpenedFor,
  service: Service,
): Promise<Step['reply']> {
  const command: Command = {
    type: 'publish',
    participant: { id: consumerId, role: 'CONSUMER' },
    dialogId: conversationId,
    event: body.event,
    ...(metadata && { metadata }),
  }
  const { reply } = await service.store.transact({ accountId, conversationId }, state =>
    reduce(state, command, toEnvironment(service, accountId)),
  )
  return reply
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
  const batch = readBatch(payload.value, accountId, service.settings)
  if (!batch.ok) return toErrorAnswer(batch.refusal, service.settings)

  const { items, profile, opening, firstMessage } = batch.value
  const key = {
    accountId,
    consumerId: consumer.value,
    conversationId: service.random.uuid(accountId),
  }
  const features = readFeatures(request)
  const command: Opening = { type: 'open', ...key, request: opening.body, features }
  const opened = await service.store.open(key, openOrNot(command, service, accountId))
  if (!opened.reply.ok) {
    const { errorCode } = opened.reply
    return toErrorAnswer({ errorCode, reqId: readRequestId(opening) }, service.settings)
  }
  await service.store.saveProfile(key, profile.body)
  const bodies = new Map<ConversationBatchItem, unknown>([
    [profile, { msg: 'OK User Profile set successfully' }],
    [opening, opened.reply.body],
  ])
  if (firstMessage) {
    const conversationId = String(opened.reply.body['conversationId'])
    const published = await publishFirst(firstMessage, { ...key, conversationId }, service)
    if (!published.ok) throw new Error(`An open conversation refused its first message`)
    bodies.set(firstMessage, published.body)
  }
  const answers = items.map(item => ({
    code: 'OK',
    body: bodies.get(item),
    reqId: readRequestId(item),
  }))
  return { status: 200, body: answers }
}

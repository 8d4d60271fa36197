import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  checkLimits,
  operations,
  parseConversationBatch,
  type RuleId,
} from '@sendbox/schema'
import type { Command, Environment, Transition } from '../../model/command.ts'
import { reduce, withinEvidence, withRules } from '../../model/reduce.ts'
import type { Services } from '../../services.ts'
import { toEnvironment } from '../../services.ts'
import type { Settings } from '../../settings.ts'
import { open, transact } from '../../store/conversations.ts'
import type { ConversationKey } from '../../store/state-store.ts'
import type { Call, CallFacts } from '../call.ts'
import { readRequestId, readRequestType } from '../call.ts'
import { checkPreconditions } from '../preconditions.ts'
import {
  type Result,
  refuse,
  refuseForProblem,
  type ServiceResponse,
  toErrorResponse,
} from '../response.ts'
import { readFeatures } from './client-properties.ts'

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
  /** The rules by which it was taken in spite of something. */
  readonly noted: readonly RuleId[]
}

const refuseItem = (item: unknown, refused: ReturnType<typeof refuse>) => ({
  ok: false as const,
  refusal: { ...refused.refusal, reqId: readRequestId(item) },
})

/** Rules: CON-2, CON-3, CON-5, RES-7. */
function readBatch(
  payload: unknown,
  accountId: string,
  { mode, limits }: Settings,
  notes: CallFacts,
): Result<ReadBatch> {
  if (!Array.isArray(payload) || payload.length < 2) return refuse(40059)
  const sent: readonly unknown[] = payload
  for (const item of sent) {
    const type = readRequestType(item)
    if (type !== undefined && !batchTypes.includes(type))
      return refuseItem(item, refuse(40053, { type }))
  }
  const result = parseConversationBatch(payload, { mode, limits: false })
  if (!result.ok) {
    notes.problems = result.problems
    const [problem] = result.problems
    const item = sent[Number(problem.path.split('/')[1] ?? 0)]
    return refuseItem(item, refuseForProblem(problem))
  }
  const items = result.request
  notes.diagnostics = result.diagnostics
  const noted = result.diagnostics.map(({ rule }) => rule)
  const profile = items.find(item => item.type === 'userprofile.SetUserProfile')
  const opening = items.find(item => item.type === 'cm.ConsumerRequestConversation')
  const firstMessage = items.find(item => item.type === 'ms.PublishEvent')
  if (profile === undefined || opening === undefined)
    throw new Error('A checked batch lacks its profile or its conversation')
  if (opening.body.brandId === undefined) return refuseItem(opening, refuse(40001))
  if (opening.body.brandId !== accountId) return refuseItem(opening, refuse(40060))
  const [exceeded] = firstMessage ? checkLimits(firstMessage, { mode, limits }) : []
  if (exceeded) return refuseItem(firstMessage, refuseForProblem(exceeded))
  return { ok: true, value: { items, profile, opening, firstMessage, noted } }
}

type Opening = Extract<Command, { type: 'open' }>

/** Opens a conversation, or does with the open one what the setting says. Rule: CON-4. */
function openOrNot(
  command: Opening,
  [conversationId]: readonly string[],
  environment: Environment,
  secondConversation: Settings['secondConversation'],
): Transition {
  if (conversationId === undefined) return reduce(undefined, command, environment)
  if (secondConversation === 'reject')
    return { state: undefined, reply: { ok: false, errorCode: 40057 }, events: [] }
  const rules = ['RES-4', 'CON-4.2'] as const
  if (secondConversation === 'reuse')
    return { state: undefined, reply: { ok: true, body: { conversationId }, rules }, events: [] }
  return withRules(reduce(undefined, command, environment), ['CON-4.2'])
}

/** Publishes the first message into the conversation that is open already. Rule: CON-4. */
async function publishToReused(
  command: Opening,
  key: ConversationKey,
  service: Services,
): Promise<Transition['reply']> {
  const { firstMessage, consumerId, features } = command
  if (firstMessage === undefined) return { ok: true, body: {}, rules: [] }
  const participant = { id: consumerId, role: 'CONSUMER' } as const
  const publishing = {
    type: 'publish',
    participant,
    dialogId: key.conversationId,
    features,
    ...firstMessage,
  } as const
  return transact(
    key,
    state => reduce(state, publishing, toEnvironment(service, key.accountId)),
    service,
  )
}

/** Opens or reuses a conversation, with its first message. Rules: CON-2, CON-4, CON-5. */
async function openWithMessage(
  command: Opening,
  accountId: string,
  service: Services,
): Promise<Transition['reply']> {
  const { conversationId, consumerId } = command
  const { secondConversation, minEvidence } = service.settings
  const environment = toEnvironment(service, accountId)
  const step = (openIds: readonly string[]): Transition =>
    withinEvidence(
      openOrNot(command, openIds, environment, secondConversation),
      undefined,
      minEvidence,
    )
  const reply = await open({ accountId, conversationId, consumerId }, step, service)
  const openedId = reply.ok ? String(reply.body['conversationId']) : conversationId
  if (!reply.ok || openedId === conversationId) return reply
  const key = { accountId, conversationId: openedId }
  const published = await publishToReused(command, key, service)
  if (!published.ok) return published
  const body = { ...reply.body, ...published.body }
  return { ok: true, body, rules: [...reply.rules, ...published.rules] }
}

const answerRules = ['EP-2', 'RES-1', 'RES-1a', 'RES-2'] as const

/** Answers CONVERSATION: all of a batch or nothing of it. Rules: EP-2, CON-5, RES-1a, RES-4. */
export async function conversation(call: Call, service: Services): Promise<ServiceResponse> {
  const { accountId, notes } = call
  const admitted = await checkPreconditions(call, service, {
    query: operations.conversation.query,
    read: payload => readBatch(payload, accountId, service.settings, notes),
  })
  if (!admitted.ok) return toErrorResponse(admitted.refusal, service.settings)
  const { consumerId, payload: batch } = admitted.value

  const { items, profile, opening, firstMessage, noted } = batch
  const command: Opening = {
    type: 'open',
    consumerId,
    conversationId: service.random.uuid(accountId),
    request: opening.body,
    features: readFeatures(call.request),
    ...(firstMessage && {
      firstMessage: {
        event: firstMessage.body.event,
        ...(firstMessage.metadata && { metadata: firstMessage.metadata }),
      },
    }),
  }
  const reply = await openWithMessage(command, accountId, service)
  if (!reply.ok) {
    const refused = reply.errorCode === 40057 ? opening : (firstMessage ?? opening)
    return toErrorResponse({ ...reply, reqId: readRequestId(refused) }, service.settings)
  }
  await service.store.saveProfile({ accountId, consumerId }, profile.body)
  const { conversationId, sequence } = reply.body
  notes.conversationId = String(conversationId)
  const bodies = new Map<ConversationBatchItem | undefined, unknown>([
    [profile, { msg: 'OK User Profile set successfully' }],
    [opening, { conversationId }],
    [firstMessage, { sequence }],
  ])
  const answers = items.map(item => ({
    code: 'OK',
    body: bodies.get(item),
    reqId: readRequestId(item),
  }))
  return { status: 200, body: answers, rules: [...answerRules, ...reply.rules, ...noted] }
}

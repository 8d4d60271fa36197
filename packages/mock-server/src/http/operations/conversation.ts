import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  checkLimits,
  errorCodes,
  parseConversationBatch,
} from '@sendbox/schema'
import type { Services } from '../../services.ts'
import type { Settings } from '../../settings.ts'
import { readClientId } from '../authenticate.ts'
import { type Call, readRequestType } from '../call.ts'
import { checkPreconditions, type Parsed } from '../preconditions.ts'
import {
  type Result,
  refuse,
  refuseForProblems,
  type ServiceResponse,
  toDiagnostics,
  toErrorResponse,
} from '../response.ts'

const batchTypes: readonly string[] = ConversationBatchItemSchema.options.map(
  option => option.shape.type.value,
)

type ItemOf<Type extends ConversationBatchItem['type']> = Extract<
  ConversationBatchItem,
  { type: Type }
>

/** The items of a batch; `items` are in the order of the wire. */
interface Batch {
  readonly items: ConversationBatch
  readonly profile: ItemOf<'userprofile.SetUserProfile'>
  readonly opening: ItemOf<'cm.ConsumerRequestConversation'>
  readonly firstMessage?: ItemOf<'ms.PublishEvent'> | undefined
  readonly reqIdOf: (item: ConversationBatchItem | undefined) => string | undefined
}

const refuseItem = (reqId: string | undefined, { refusal }: ReturnType<typeof refuse>) => ({
  ok: false as const,
  refusal: { ...refusal, reqId },
})

/** Rules: CON-2, CON-3, CON-5, RES-7. */
function parseBatch(
  { json, accountId, subject: { reqIds } }: Call,
  { mode, limits }: Settings,
): Result<Parsed<Batch>> {
  if (!json.ok) return json
  const payload = json.value
  if (!Array.isArray(payload) || payload.length < 2) return refuse(errorCodes.batchTooSmall)
  const sent: readonly unknown[] = payload
  for (const [index, item] of sent.entries()) {
    const type = readRequestType(item)
    if (type !== undefined && !batchTypes.includes(type))
      return refuseItem(reqIds[index], refuse(errorCodes.unsupportedType, { type }))
  }
  const result = parseConversationBatch(payload, { mode, limits: false })
  if (!result.ok) {
    const [problem] = result.problems
    const reqId = reqIds[Number(problem.path.split('/')[1] ?? 0)]
    return refuseItem(reqId, refuseForProblems(result.problems))
  }
  const items = result.request
  const reqIdOf = (item: ConversationBatchItem | undefined) => item && reqIds[items.indexOf(item)]
  const profile = items.find(item => item.type === 'userprofile.SetUserProfile')
  const opening = items.find(item => item.type === 'cm.ConsumerRequestConversation')
  const firstMessage = items.find(item => item.type === 'ms.PublishEvent')
  if (profile === undefined || opening === undefined)
    throw new Error('A checked batch lacks its profile or its conversation')
  if (opening.body.brandId === undefined)
    return refuseItem(reqIdOf(opening), refuse(errorCodes.missingParameter))
  if (opening.body.brandId !== accountId)
    return refuseItem(reqIdOf(opening), refuse(errorCodes.wrongBrandId))
  const [exceeded] = firstMessage ? checkLimits(firstMessage, { mode, limits }) : []
  if (exceeded) {
    const { refusal } = refuse(errorCodes.limitExceeded, {}, [exceeded.rule])
    return refuseItem(reqIdOf(firstMessage), {
      ok: false,
      refusal: { ...refusal, problems: [exceeded] },
    })
  }
  return {
    ok: true,
    value: {
      payload: { items, profile, opening, firstMessage, reqIdOf },
      diagnostics: result.diagnostics,
    },
  }
}

const responseRules = ['EP-2', 'RES-1', 'RES-1a', 'RES-2'] as const

/** Responds to CONVERSATION: all of a batch or nothing of it. Rules: EP-2, CON-5, RES-1a, RES-4. */
export async function conversation(call: Call, services: Services): Promise<ServiceResponse> {
  const { accountId, settings } = call
  const { random, conversations, store, clocks, tokens } = services
  const { checked, facts } = await checkPreconditions(call, parseBatch, services)
  if (!checked.ok) return { ...toErrorResponse(checked.refusal, settings), facts }
  const { consumerId, payload: batch, features, diagnostics } = checked.value

  const { items, profile, opening, firstMessage, reqIdOf } = batch
  const appInstallId = readClientId(call.request, { tokens, now: clocks.now(accountId) })
  const command = {
    type: 'open',
    consumerId,
    ...(facts.extConsumerId !== undefined && { extConsumerId: facts.extConsumerId }),
    ...(appInstallId !== undefined && { appInstallId }),
    conversationId: random.uuid(accountId),
    request: opening.body,
    features,
    ...(firstMessage && {
      firstMessage: {
        event: firstMessage.body.event,
        ...(firstMessage.metadata && { metadata: firstMessage.metadata }),
      },
    }),
  } as const
  const reply = await conversations.open(accountId, command, settings)
  if (!reply.ok) {
    const isOpen = reply.errorCode === errorCodes.conversationAlreadyOpen
    const refused = isOpen ? opening : (firstMessage ?? opening)
    const response = toErrorResponse({ ...reply, reqId: reqIdOf(refused) }, settings)
    return { ...response, facts }
  }
  await store.saveProfile({ accountId, consumerId }, profile.body)
  const { conversationId, sequence } = reply.body
  const noted = toDiagnostics(reply, [
    firstMessage ? items.indexOf(firstMessage) : 0,
    'body',
    'event',
  ])
  const bodies = new Map<ConversationBatchItem | undefined, unknown>([
    [profile, { msg: 'OK User Profile set successfully' }],
    [opening, { conversationId }],
    [firstMessage, { sequence }],
  ])
  return {
    status: 200,
    body: items.map(item => ({ code: 'OK', body: bodies.get(item), reqId: reqIdOf(item) })),
    rules: [...responseRules, ...reply.rules, ...diagnostics.map(({ rule }) => rule)],
    facts: {
      ...facts,
      conversationId: String(conversationId),
      diagnostics: [...diagnostics, ...noted],
    },
  }
}

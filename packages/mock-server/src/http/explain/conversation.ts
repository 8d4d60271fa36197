import { type Explanation, quoteIf, toTime } from './explanation.ts'
import type { Refused } from './refused.ts'

const idForm = /^[\w-]{1,40}$/

/** The ids that a payload names, and the conversation that they turn out to be about. */
async function findNamed({ call, services: { store } }: Refused) {
  const { accountId, json } = call
  const body = (json.ok && (json.value as { readonly body?: unknown } | null)?.body) || {}
  const { conversationId: given, dialogId } = body as Record<string, unknown>
  const id = call.subject.conversationId ?? ''
  const conversationId =
    typeof given === 'string' ? given : (store.findConversationId(accountId, id) ?? id)
  const record = await store.load({ accountId, conversationId })
  return { accountId, conversationId, dialogId, state: record?.state }
}

/** Explains an unknown conversation or dialog. Rules: LIF-4, LIF-6. */
export async function explainUnknown(refused: Refused): Promise<Explanation> {
  const { services } = refused
  const { accountId, conversationId, dialogId, state } = await findNamed(refused)
  if (state !== undefined) {
    const ids = state.dialogs.map(known => known.dialogId).join(', ')
    const other = services.store.findConversationId(accountId, String(dialogId))
    return {
      part: 'The dialog',
      expected: `one of the conversation: ${ids}`,
      received: other ? 'a dialog of another conversation' : 'an unknown dialog',
    }
  }
  const owners: string[] = []
  for (const other of await services.store.accountIds())
    if (await services.store.load({ accountId: other, conversationId })) owners.push(other)
  const count = (await services.store.list(accountId)).length
  return {
    part: '/body',
    expected: `a conversation of account${quoteIf(idForm, accountId) || ' of the path'}, which has ${count}`,
    received: owners[0] ? `one of account${quoteIf(idForm, owners[0])}` : 'an unknown id',
    hint: owners[0]
      ? undefined
      : 'the answer of CONVERSATION names it; a restart or a reset removes all',
  }
}

/** Explains a conversation that belongs to another consumer. Rule: AUTH-9. */
export async function explainForeign(refused: Refused): Promise<Explanation> {
  const { state, conversationId } = await findNamed(refused)
  return {
    part: 'X-LP-ON-BEHALF',
    expected: `the consumer of conversation${quoteIf(idForm, conversationId)}, lp_consumer_id ${state?.consumerId.slice(0, 8) ?? 'unknown'}...`,
    received: 'another consumer',
    hint: 'ask for the ConsumerJWS with the ext_consumer_id that opened it',
  }
}

/** Explains a publish to a closed conversation. Rules: LIF-2, LIF-5. */
export async function explainClosed(refused: Refused): Promise<Explanation> {
  const { state, dialogId } = await findNamed(refused)
  const dialog = state?.dialogs.find(known => known.dialogId === dialogId) ?? state?.dialogs[0]
  const closer = dialog?.closedBy ?? state?.closeReason ?? 'somebody'
  const ended = dialog?.endTs ?? state?.endTs
  return {
    part: 'The conversation',
    expected: 'one that is open',
    received: `one that ${closer} closed${ended === undefined ? '' : ` at ${toTime(ended)}`}`,
    hint: 'open a new one by CONVERSATION',
  }
}

/** Explains an event that a dialog does not take. Rules: LIF-3, LIF-3a. */
export const explainEvent = ({ refusal: { params, rules = [] } }: Refused): Explanation => ({
  part: '/body/event/type',
  expected: rules.includes('LIF-3a')
    ? 'an event that a survey takes'
    : 'a dialog that is open: the main one is closed while the survey is open',
  received: params?.['event'] ?? 'another event',
})

/** Explains a sequence that is not assigned. Rule: PUB-8a. */
export async function explainSequence(refused: Refused): Promise<Explanation> {
  const { state, dialogId } = await findNamed(refused)
  const next = state?.dialogs.find(known => known.dialogId === dialogId)?.nextSequence ?? 0
  return {
    part: '/body/event/sequenceList',
    expected: next === 0 ? 'none: the dialog has no message yet' : `numbers up to ${next - 1}`,
    received: refused.refusal.params?.['n'] ?? 'a higher one',
  }
}

/** Explains a file that was not uploaded. Rule: PUB-3b. */
export const explainFile = (): Explanation => ({
  part: '/body/event/message/relativePath',
  expected: 'a path of ms.GenerateURLForUploadFile to which a file was put',
  received: 'a path without a file',
})

/** Explains a second conversation of a consumer. Rule: CON-4. */
export async function explainOpen({ call, services }: Refused): Promise<Explanation> {
  const { accountId, request } = call
  const token = request.get('x-lp-on-behalf') ?? ''
  const now = services.clocks.now(accountId)
  const claims = await services.tokens.readConsumerJws(token, accountId, now)
  const open = (await services.store.list(accountId)).find(
    ({ state }) => state.consumerId === claims?.lp_consumer_id && state.stage === 'OPEN',
  )
  return {
    part: 'The consumer',
    expected: 'no open conversation',
    received: open
      ? `the open conversation${quoteIf(idForm, open.state.conversationId)}`
      : 'an open one',
    hint: 'close it first, or use the setting secondConversation',
  }
}

/** Explains a brandId. Rule: CON-3. */
export function explainBrand({ call: { accountId, json } }: Refused): Explanation {
  const items: unknown[] = json.ok && Array.isArray(json.value) ? json.value : []
  const index = items.findIndex(
    item => (item as { type?: unknown } | null)?.type === 'cm.ConsumerRequestConversation',
  )
  const { body } = (items[index] ?? {}) as { body?: { brandId?: unknown } }
  return {
    part: `/${index}/body/brandId`,
    expected: `the account of the path${quoteIf(idForm, accountId)}`,
    received:
      body?.brandId === undefined ? 'nothing' : `another text${quoteIf(idForm, body.brandId)}`,
  }
}

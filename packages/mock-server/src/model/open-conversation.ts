import type { TtrName } from '@sendbox/schema'
import type { Command, Environment, Transition } from './command.ts'
import type { Campaign, ConversationState, VisitContext } from './conversation-state.ts'
import { openDialog } from './dialog.ts'

/** Time to respond, in seconds. Rules: LIF-7, LIF-7a. */
export const ttrSeconds: Readonly<Record<TtrName, number>> = {
  PRIORITIZED: 600,
  NORMAL: 3600,
  URGENT: 300,
}

/** A `ttrDefName` of CUSTOM counts as absent. Rules: CON-1, CON-1a, LIF-7. */
const toTtrName = (name: string | null | undefined): TtrName =>
  name === 'NORMAL' || name === 'URGENT' ? name : 'PRIORITIZED'

/** The documented fields of a campaign; a request may have others, whatever they hold. Rules: CON-1, REQ-4. */
const toCampaign = ({ campaignId, engagementId }: Campaign): Campaign => ({
  campaignId,
  engagementId,
})

const contextFields = ['visitorId', 'sessionId', 'interactionContextId', 'type', 'lang'] as const

/** The documented fields of a visit. Rules: CON-1, REQ-4. */
const toVisitContext = (context: VisitContext): VisitContext =>
  Object.fromEntries(
    contextFields.flatMap(name => (context[name] === undefined ? [] : [[name, context[name]]])),
  )

/** The fields that a conversation has from the request that opened it, as far as it has them. Rule: CON-1. */
const toOrigin = ({
  channelType,
  campaignInfo,
  conversationContext,
}: Extract<Command, { type: 'open' }>['request']): Partial<ConversationState> => ({
  ...(channelType !== undefined && { channelType }),
  ...(campaignInfo && { campaignInfo: toCampaign(campaignInfo) }),
  ...(conversationContext && { conversationContext: toVisitContext(conversationContext) }),
})

/** Opens a conversation with one main dialog, which has the same id. Rule: LIF-7. */
export function openConversation(
  command: Extract<Command, { type: 'open' }>,
  { now }: Environment,
): Transition {
  const { conversationId, consumerId, extConsumerId, request, features, appInstallId } = command
  const consumer = { id: consumerId, role: 'CONSUMER' } as const
  const ttrType = toTtrName(request.ttrDefName)
  const state: ConversationState = {
    conversationId,
    consumerId,
    ...(extConsumerId !== undefined && { extConsumerId }),
    participants: [consumer],
    stage: 'OPEN',
    skillId: request.skillId ?? '-1',
    ttr: { ttrType, value: ttrSeconds[ttrType] },
    features,
    hasMessage: false,
    ...(appInstallId !== undefined && { appInstallId }),
    ...toOrigin(request),
    startTs: now,
    metaDataLastUpdateTs: now,
    dialogs: [
      openDialog({ dialogId: conversationId, dialogType: 'MAIN', participants: [consumer], now }),
    ],
  }
  return {
    state,
    reply: { ok: true, body: { conversationId }, rules: ['RES-4', 'CON-1'] },
    events: [{ type: 'conversationChanged', state }],
  }
}

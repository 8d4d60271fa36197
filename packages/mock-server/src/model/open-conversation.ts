import type { TtrName } from '@sendbox/schema'
import type { Command, Environment, Transition } from './command.ts'
import type { ConversationState } from './conversation-state.ts'
import { openDialog } from './dialog.ts'

/** Time to respond, in seconds. Rules: LIF-7, LIF-7a. */
const ttrSeconds: Readonly<Record<TtrName, number>> = {
  PRIORITIZED: 600,
  NORMAL: 3600,
  URGENT: 300,
}

/** A `ttrDefName` of CUSTOM counts as absent. Rules: CON-1, CON-1a, LIF-7. */
const toTtrName = (name: string | null | undefined): TtrName =>
  name === 'NORMAL' || name === 'URGENT' ? name : 'PRIORITIZED'

/** Opens a conversation with one main dialog, which has the same id. Rule: LIF-7. */
export function openConversation(
  command: Extract<Command, { type: 'open' }>,
  { now }: Environment,
): Transition {
  const { conversationId, consumerId, request, features, appInstallId } = command
  const consumer = { id: consumerId, role: 'CONSUMER' } as const
  const ttrType = toTtrName(request.ttrDefName)
  const state: ConversationState = {
    conversationId,
    consumerId,
    participants: [consumer],
    stage: 'OPEN',
    skillId: request.skillId ?? '-1',
    ttr: { ttrType, value: ttrSeconds[ttrType] },
    features,
    hasMessage: false,
    ...(appInstallId !== undefined && { appInstallId }),
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

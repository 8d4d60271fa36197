import type {
  SentParticipant as Participant,
  SentConversationChangeNotification,
  SentConversationDetails,
  SentDialog,
} from '@sendbox/schema'
import type { ConversationState, DialogState } from '../model/conversation-state.ts'
import type { WebhookSettings } from '../settings.ts'

/** The newest participant besides the consumer first, then the consumer, then the others. Rule: WH-4. */
function toParticipants([consumer, ...others]: readonly Participant[]): Participant[] {
  const [newest, ...older] = others.toReversed()
  return [newest, consumer, ...older].flatMap(one => (one ? [{ id: one.id, role: one.role }] : []))
}

/** The fields of a dialog that a notification has, in the wire's order. Rule: WH-4. */
const toNotifiedDialog = (
  {
    dialogId,
    participants,
    dialogType,
    state,
    creationTs,
    endTs,
    metaDataLastUpdateTs,
    closedBy,
    closedCause,
  }: DialogState,
  { appInstallId }: ConversationState,
): SentDialog => ({
  dialogId,
  participantsDetails: participants.map(({ id, role }) => ({ id, role, state: 'ACTIVE' })),
  dialogType,
  channelType: dialogType === 'CoBrowse' ? 'COBROWSE' : 'MESSAGING',
  ...(dialogType === 'MAIN' && appInstallId !== undefined && { metaData: { appInstallId } }),
  state,
  creationTs,
  ...(endTs !== undefined && { endTs }),
  metaDataLastUpdateTs,
  ...(closedBy !== undefined && { closedBy }),
  ...(closedCause !== undefined && { closedCause }),
})

/** The handler of a conversation with a skill. Rule: WH-4. */
const toHandler = ({ skillId }: ConversationState, accountId: string) =>
  skillId === '-1' ? {} : { conversationHandlerDetails: { accountId, skillId } }

/** The 2018 form lacks skill, dialogs, stage and handler. Rules: WH-4, LIF-1. */
function toDetails(
  state: ConversationState,
  accountId: string,
  is2018: boolean,
): SentConversationDetails {
  const { skillId, stage, closeReason, startTs, endTs, metaDataLastUpdateTs, ttr } = state
  return {
    ...(!is2018 && { skillId }),
    participants: toParticipants(state.participants),
    ...(!is2018 && { dialogs: state.dialogs.map(dialog => toNotifiedDialog(dialog, state)) }),
    brandId: accountId,
    state: state.dialogs[0]?.state ?? stage,
    ...(!is2018 && { stage }),
    ...(closeReason !== undefined && { closeReason }),
    startTs,
    ...(endTs !== undefined && { endTs }),
    metaDataLastUpdateTs,
    ttr: { ttrType: ttr.ttrType, value: ttr.value },
    ...(!is2018 && toHandler(state, accountId)),
  }
}

/**
 * The time by which an agent is to answer, in ms since the epoch; −1 once one has, or once the conversation is closed. Rules: WH-8, WH-8a.
 */
export const toEffectiveTtr = ({
  stage,
  startTs,
  awaitingAgentSince = startTs,
  ttr,
}: ConversationState): number =>
  awaitingAgentSince === null || stage === 'CLOSE' ? -1 : awaitingAgentSince + ttr.value * 1000

/** Creates the change of a conversation, with its whole state. Rules: WH-4, WH-7, WH-8. */
export function toConversationChange(
  state: ConversationState,
  accountId: string,
  { form }: WebhookSettings,
): SentConversationChangeNotification['body']['changes'][number] {
  const is2018 = form === '2018'
  return {
    type: 'UPSERT',
    result: {
      convId: state.conversationId,
      ...(!is2018 && { effectiveTTR: toEffectiveTtr(state) }),
      conversationDetails: toDetails(state, accountId, is2018),
    },
  }
}

import type {
  SentConversationChangeNotification,
  SentConversationDetails,
  SentDialog,
} from '@sendbox/schema'
import type { ConversationState, DialogState } from '../model/conversation-state.ts'

/** The fields of a dialog that a notification has, in the wire's order. Rule: WH-4. */
const toNotifiedDialog = ({
  dialogId,
  participants,
  dialogType,
  state,
  creationTs,
  endTs,
  metaDataLastUpdateTs,
  closedBy,
  closedCause,
}: DialogState): SentDialog => ({
  dialogId,
  participantsDetails: participants.map(({ id, role }) => ({ id, role })),
  dialogType,
  channelType: 'MESSAGING',
  state,
  creationTs,
  ...(endTs !== undefined && { endTs }),
  metaDataLastUpdateTs,
  ...(closedBy !== undefined && { closedBy }),
  ...(closedCause !== undefined && { closedCause }),
})

/** Rules: WH-4, LIF-1. */
const toDetails = (state: ConversationState, accountId: string): SentConversationDetails => ({
  skillId: state.skillId,
  participants: state.participants.map(({ id, role }) => ({ id, role })),
  dialogs: state.dialogs.map(toNotifiedDialog),
  brandId: accountId,
  state: state.dialogs[0]?.state ?? state.stage,
  stage: state.stage,
  ...(state.closeReason !== undefined && { closeReason: state.closeReason }),
  startTs: state.startTs,
  ...(state.endTs !== undefined && { endTs: state.endTs }),
  metaDataLastUpdateTs: state.metaDataLastUpdateTs,
  ttr: { ttrType: state.ttr.ttrType, value: state.ttr.value },
})

/** In ms since the epoch, −1 once the conversation is over. Rule: WH-8. */
const toEffectiveTtr = ({ stage, startTs, ttr }: ConversationState): number =>
  stage === 'CLOSE' ? -1 : startTs + ttr.value * 1000

/** Creates the notification of a changed conversation, with its whole state. Rules: WH-4, WH-7, WH-8. */
export const toConversationNotification = (
  state: ConversationState,
  accountId: string,
): SentConversationChangeNotification => ({
  kind: 'notification',
  body: {
    changes: [
      {
        type: 'UPSERT',
        result: {
          convId: state.conversationId,
          effectiveTTR: toEffectiveTtr(state),
          conversationDetails: toDetails(state, accountId),
        },
      },
    ],
  },
  type: 'cqm.ExConversationChangeNotification',
})

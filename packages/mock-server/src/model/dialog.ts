import type { Participant } from '@sendbox/schema'
import type { ConversationState, DialogState } from './conversation-state.ts'

/** A dialog that nothing was said in yet. Rules: CS-1, SEQ-1, SEQ-3. */
export const openDialog = ({
  dialogId,
  dialogType,
  participants,
  now,
}: Pick<DialogState, 'dialogId' | 'dialogType'> & {
  readonly participants: readonly Participant[]
  readonly now: number
}): DialogState => ({
  dialogId,
  dialogType,
  state: 'OPEN',
  creationTs: now,
  nextSequence: 0,
  chatStates: participants.map(({ id, role }) => ({
    participantId: id,
    role,
    chatState: null,
    since: null,
  })),
})

/** Ends a dialog and its chat states. Rule: CS-1. */
export const closeDialog = (dialog: DialogState, now: number): DialogState =>
  dialog.state === 'CLOSE'
    ? dialog
    : {
        ...dialog,
        state: 'CLOSE',
        endTs: now,
        chatStates: dialog.chatStates.map(entry => ({ ...entry, chatState: null, since: now })),
      }

export const replaceDialog = (
  state: ConversationState,
  dialog: DialogState,
): ConversationState => ({
  ...state,
  dialogs: state.dialogs.map(other => (other.dialogId === dialog.dialogId ? dialog : other)),
})

import type { Environment } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'
import { type Closing, closeDialog, openDialog, replaceDialog } from './dialog.ts'

/** Closes the conversation and all its dialogs. Rules: UPD-2, UPD-4. */
export const closeConversation = (
  state: ConversationState,
  closing: Closing,
): ConversationState => ({
  ...state,
  stage: 'CLOSE',
  endTs: closing.now,
  closeReason: closing.reason ?? closing.by,
  dialogs: state.dialogs.map(dialog => closeDialog(dialog, closing)),
})

/** Closes the main dialog and its CoBrowse sessions, and opens a survey with the same participants. Rule: UPD-3. */
export function openSurvey(
  state: ConversationState,
  closing: Closing,
  { now, newDialogId }: Environment,
): ConversationState {
  const closed = state.dialogs.map(dialog => closeDialog(dialog, closing))
  const survey = openDialog({
    dialogId: newDialogId(),
    dialogType: 'POST_SURVEY',
    participants: state.participants,
    now,
  })
  return { ...state, dialogs: [...closed, survey] }
}

/** Rule: UPD-3a. */
const isSurveyDue = ({ skillId, features }: ConversationState, { survey }: Environment): boolean =>
  survey && skillId !== '-1' && features.includes('MULTI_DIALOG')

/**
 * Closes one dialog; after the main one a survey opens if due, otherwise the conversation closes, unless the dialog is a CoBrowse session.
 * Rules: UPD-3, UPD-3a.
 */
export function endDialog(
  state: ConversationState,
  dialog: DialogState,
  closing: Closing,
  environment: Environment,
): ConversationState {
  if (dialog.dialogType === 'CoBrowse') return replaceDialog(state, closeDialog(dialog, closing))
  return dialog.dialogType === 'MAIN' && isSurveyDue(state, environment)
    ? openSurvey(state, closing, environment)
    : closeConversation(state, closing)
}

import type { SentParticipant as Participant } from '@sendbox/schema'
import type { CloseReason, Closer, ConversationState, DialogState } from './conversation-state.ts'

/** Creates a dialog without events. Rules: CS-1, SEQ-1, SEQ-3. */
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
  participants,
  creationTs: now,
  metaDataLastUpdateTs: now,
  nextSequence: 0,
  chatStates: participants.map(({ id, role }) => ({
    participantId: id,
    role,
    chatState: null,
    since: null,
  })),
})

/** Side, time and cause of a closing. */
export interface Closing {
  readonly by: Closer
  /** In ms since the epoch. */
  readonly now: number
  readonly cause?: string | undefined
  /** Why the conversation is closed, if it is. @default `by` */
  readonly reason?: CloseReason | undefined
}

/** Closes a dialog and its chat states. Rules: CS-1, WH-4. */
export const closeDialog = (dialog: DialogState, { by, now, cause }: Closing): DialogState =>
  dialog.state === 'CLOSE'
    ? dialog
    : {
        ...dialog,
        state: 'CLOSE',
        endTs: now,
        metaDataLastUpdateTs: now,
        closedBy: by,
        ...(cause !== undefined && { closedCause: cause }),
        chatStates: dialog.chatStates.map(entry => ({ ...entry, chatState: null, since: now })),
      }

/** Replaces the dialog with the same id, and further fields if given. */
export const replaceDialog = (
  state: ConversationState,
  dialog: DialogState,
  fields: Partial<ConversationState> = {},
): ConversationState => ({
  ...state,
  ...fields,
  dialogs: state.dialogs.map(other => (other.dialogId === dialog.dialogId ? dialog : other)),
})

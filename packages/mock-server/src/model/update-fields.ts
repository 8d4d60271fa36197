import type { ConversationStateField } from '@sendbox/schema'
import type { Environment, Step } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'

/** Ends a dialog and its chat states. Rule: CS-1. */
const closeDialog = (dialog: DialogState, now: number): DialogState =>
  dialog.state === 'CLOSE'
    ? dialog
    : {
        ...dialog,
        state: 'CLOSE',
        endTs: now,
        chatStates: dialog.chatStates.map(entry => ({ ...entry, chatState: null, since: now })),
      }

/** Ends the conversation and all its dialogs. Rule: UPD-2. */
const closeConversation = (state: ConversationState, now: number): ConversationState => ({
  ...state,
  stage: 'CLOSE',
  endTs: now,
  dialogs: state.dialogs.map(dialog => closeDialog(dialog, now)),
})

const applyField = (
  state: ConversationState,
  { field }: ConversationStateField,
  now: number,
): ConversationState => {
  switch (field) {
    case 'ConversationStateField':
      return closeConversation(state, now)
  }
}

/** Applies each field in turn, to an open conversation. Rules: UPD-1a, UPD-2, RES-5. */
export const updateFields = (
  state: ConversationState,
  fields: readonly ConversationStateField[],
  { now }: Environment,
): Step => ({
  state: fields.reduce((current, field) => applyField(current, field, now), state),
  reply: { ok: true, body: { msg: 'OK Conversation resolved successfully' } },
  events: [{ type: 'closed', conversationId: state.conversationId }],
})

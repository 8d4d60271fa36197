import type { Participant } from '@sendbox/schema'
import { endDialog, openSurvey } from './close.ts'
import type { AgentCommand, Environment, Step } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'

const joinDialog = (dialog: DialogState, { id, role }: Participant): DialogState =>
  dialog.state === 'CLOSE' || dialog.chatStates.some(({ participantId }) => participantId === id)
    ? dialog
    : {
        ...dialog,
        chatStates: [
          ...dialog.chatStates,
          { participantId: id, role, chatState: null, since: null },
        ],
      }

/** Takes a participant in, who is shown from then on; one who is in already changes nothing. */
export const join = (state: ConversationState, participant: Participant): ConversationState =>
  state.participants.some(({ id }) => id === participant.id)
    ? state
    : {
        ...state,
        participants: [...state.participants, participant],
        dialogs: state.dialogs.map(dialog => joinDialog(dialog, participant)),
      }

const refuse = (state: ConversationState): Step => ({
  state,
  reply: { ok: false, errorCode: 40054 },
  events: [],
})

/** Does what the agent's side asks for; a dialog that is closed is refused. Rules: UPD-3, LIF-5. */
export function actForAgent(
  state: ConversationState,
  { type, participant }: AgentCommand,
  environment: Environment,
): Step {
  const main = state.dialogs.find(({ dialogType }) => dialogType === 'MAIN')
  if (state.stage === 'CLOSE' || main === undefined) return refuse(state)
  if (type !== 'join' && main.state === 'CLOSE') return refuse(state)
  const joined = join(state, participant)
  const current = joined.dialogs.find(({ dialogId }) => dialogId === main.dialogId) ?? main
  const next =
    type === 'join'
      ? joined
      : type === 'startSurvey'
        ? openSurvey(joined, current, environment)
        : endDialog(joined, current, environment)
  const events = [{ type: 'conversationChanged', conversationId: state.conversationId }] as const
  return {
    state: next,
    reply: { ok: true, body: {}, rules: [] },
    events: next === state ? [] : events,
  }
}

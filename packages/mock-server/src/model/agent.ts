import type { SentParticipant as Participant } from '@sendbox/schema'
import { errorCodes } from '@sendbox/schema'
import { toChange } from './change.ts'
import { endDialog, openSurvey } from './close.ts'
import type { AgentCommand, Environment, Transition } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'
import { type Closing, closeDialog, openDialog, replaceDialog } from './dialog.ts'

const joinDialog = (dialog: DialogState, participant: Participant, now: number): DialogState => {
  const { id: participantId, role } = participant
  if (dialog.state === 'CLOSE' || dialog.participants.some(({ id }) => id === participantId))
    return dialog
  return {
    ...dialog,
    participants: [...dialog.participants, participant],
    metaDataLastUpdateTs: now,
    chatStates: [...dialog.chatStates, { participantId, role, chatState: null, since: null }],
  }
}

/** Adds a participant; no effect if present. */
export const join = (
  state: ConversationState,
  participant: Participant,
  now: number,
): ConversationState =>
  state.participants.some(({ id }) => id === participant.id)
    ? state
    : {
        ...state,
        participants: [...state.participants, participant],
        dialogs: state.dialogs.map(dialog => joinDialog(dialog, participant, now)),
      }

const leaveDialog = (dialog: DialogState, leaverId: string, now: number): DialogState =>
  dialog.state === 'CLOSE' || !dialog.participants.some(({ id }) => id === leaverId)
    ? dialog
    : {
        ...dialog,
        participants: dialog.participants.filter(({ id }) => id !== leaverId),
        metaDataLastUpdateTs: now,
        chatStates: dialog.chatStates.filter(({ participantId }) => participantId !== leaverId),
      }

/** Removes a participant and their chat states; no effect for the consumer, or if absent. */
const leave = (
  state: ConversationState,
  { id: leaverId }: Participant,
  now: number,
): ConversationState =>
  state.participants.some(({ id, role }) => id === leaverId && role !== 'CONSUMER')
    ? {
        ...state,
        participants: state.participants.filter(({ id }) => id !== leaverId),
        dialogs: state.dialogs.map(dialog => leaveDialog(dialog, leaverId, now)),
      }
    : state

/** Replaces participant and skill in one change. */
function transfer(
  state: ConversationState,
  { participant, skillId, to }: Extract<AgentCommand, { type: 'transfer' }>,
  now: number,
): ConversationState {
  const left = leave(state, participant, now)
  const moved = skillId === undefined || skillId === left.skillId ? left : { ...left, skillId }
  return to === undefined ? moved : join(moved, to, now)
}

const refuse = (state: ConversationState): Transition => ({
  state,
  reply: { ok: false, errorCode: errorCodes.conversationClosed },
  events: [],
})

const isOpenCoBrowse = ({ dialogType, state }: DialogState): boolean =>
  dialogType === 'CoBrowse' && state === 'OPEN'

/** Opens a dialog for a CoBrowse session of all participants. Rule: WH-4. */
const openCoBrowse = (
  state: ConversationState,
  { now, newDialogId }: Environment,
): ConversationState => {
  const { participants } = state
  const session = openDialog({ dialogId: newDialogId(), dialogType: 'CoBrowse', participants, now })
  return { ...state, dialogs: [...state.dialogs, session] }
}

/** The conversation after an agent's command on its open dialog. */
function act(
  state: ConversationState,
  { dialogId }: DialogState,
  command: AgentCommand,
  environment: Environment,
): ConversationState {
  const { now } = environment
  if (command.type === 'leave') return leave(state, command.participant, now)
  if (command.type === 'transfer') return transfer(state, command, now)
  const joined = join(state, command.participant, now)
  const current = joined.dialogs.find(dialog => dialog.dialogId === dialogId)
  const session = joined.dialogs.find(isOpenCoBrowse)
  const closing: Closing = { by: 'AGENT', now }
  switch (command.type) {
    case 'join':
      return joined
    case 'openCoBrowse':
      return session ? joined : openCoBrowse(joined, environment)
    case 'closeCoBrowse':
      return session ? replaceDialog(joined, closeDialog(session, closing)) : joined
    case 'startSurvey':
      return openSurvey(joined, closing, environment)
    case 'endDialog': {
      const { closedCause: cause, closeReason: reason } = command
      return current
        ? endDialog(joined, current, { ...closing, cause, reason }, environment)
        : joined
    }
  }
}

/** Applies an agent's command; refuses it if every dialog is closed. Rules: UPD-3, LIF-5, WH-7. */
export function actForAgent(
  state: ConversationState,
  command: AgentCommand,
  environment: Environment,
): Transition {
  const open = state.dialogs.find(
    dialog => dialog.state === 'OPEN' && dialog.dialogType !== 'CoBrowse',
  )
  if (open === undefined) return refuse(state)
  const needsMain = command.type === 'startSurvey' || command.type === 'openCoBrowse'
  if (needsMain && open.dialogType !== 'MAIN') return refuse(state)
  if (command.type === 'closeCoBrowse' && !state.dialogs.some(isOpenCoBrowse)) return refuse(state)
  const next = act(state, open, command, environment)
  return { ...toChange(state, next, environment.now), reply: { ok: true, body: {}, rules: [] } }
}

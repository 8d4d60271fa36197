import type { ErrorCode, Participant, PublishedEvent } from '@sendbox/schema'
import type { Command, Environment, Step } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'
import { openConversation } from './open-conversation.ts'
import { publish } from './publish.ts'
import { updateFields } from './update-fields.ts'

const refuse = (
  state: ConversationState | undefined,
  errorCode: ErrorCode,
  params?: Readonly<Record<string, string>>,
): Step => ({ state, reply: { ok: false, errorCode, ...(params && { params }) }, events: [] })

const isForeign = (state: ConversationState, participant: Participant): boolean =>
  participant.role === 'CONSUMER' && participant.id !== state.consumerId

const unansweredTypes: readonly PublishedEvent['type'][] = ['ChatStateEvent', 'AcceptStatusEvent']

/** Why a dialog does not take an event, if it does not. Rules: LIF-2, LIF-3, LIF-3a. */
function refusalOf(
  state: ConversationState,
  dialog: DialogState,
  { type }: PublishedEvent,
): ErrorCode | undefined {
  const isOver = dialog.state === 'CLOSE'
  const hasSurveyAfter = isOver && state.stage === 'OPEN'
  if (hasSurveyAfter && unansweredTypes.includes(type)) return 40055
  if (isOver) return 40054
  return dialog.dialogType === 'POST_SURVEY' && type === 'ChatStateEvent' ? 40055 : undefined
}

/**
 * Takes one conversation one step further: no I/O, no clock, no randomness of its own.
 * Rules: AUTH-9, LIF-2 to LIF-6, and AUTH-11 for their order.
 */
export function reduce(
  state: ConversationState | undefined,
  command: Command,
  environment: Environment,
): Step {
  if (command.type === 'open') return openConversation(command, environment)
  if (state === undefined) return refuse(state, 40451)
  if (command.type === 'updateFields')
    return isForeign(state, command.participant)
      ? refuse(state, 40103)
      : updateFields(state, command.fields, environment)
  const dialog = state.dialogs.find(({ dialogId }) => dialogId === command.dialogId)
  if (dialog === undefined) return refuse(state, 40451)
  if (isForeign(state, command.participant)) return refuse(state, 40103)
  const refused = refusalOf(state, dialog, command.event)
  if (refused !== undefined) return refuse(state, refused, { event: command.event.type })
  return publish(state, dialog, command, environment)
}

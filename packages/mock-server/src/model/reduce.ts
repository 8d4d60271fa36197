import type { ErrorCode, Participant } from '@sendbox/schema'
import type { Command, Environment, Step } from './command.ts'
import type { ConversationState } from './conversation-state.ts'
import { openConversation } from './open-conversation.ts'
import { publish } from './publish.ts'
import { updateFields } from './update-fields.ts'

const refuse = (state: ConversationState | undefined, errorCode: ErrorCode): Step => ({
  state,
  reply: { ok: false, errorCode },
  events: [],
})

const isForeign = (state: ConversationState, participant: Participant): boolean =>
  participant.role === 'CONSUMER' && participant.id !== state.consumerId

/**
 * Takes one conversation one step further: no I/O, no clock, no randomness.
 * Rules: AUTH-9, LIF-2, LIF-5, LIF-6, and AUTH-11 for their order.
 */
export function reduce(
  state: ConversationState | undefined,
  command: Command,
  environment: Environment,
): Step {
  if (command.type === 'open') return openConversation(command, environment)
  if (state === undefined) return refuse(state, 40451)
  if (command.type === 'publish') {
    const dialog = state.dialogs.find(candidate => candidate.dialogId === command.dialogId)
    if (dialog === undefined) return refuse(state, 40451)
    if (isForeign(state, command.participant)) return refuse(state, 40103)
    if (dialog.state === 'CLOSE') return refuse(state, 40054)
    return publish(state, dialog, command, environment)
  }
  if (isForeign(state, command.participant)) return refuse(state, 40103)
  if (state.stage === 'CLOSE') return refuse(state, 40054)
  return updateFields(state, command.fields, environment)
}

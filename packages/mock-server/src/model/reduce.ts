import type { ErrorCode, Participant, PublishedEvent } from '@sendbox/schema'
import { actForAgent } from './agent.ts'
import type { Command, Environment, Step } from './command.ts'
import type { ConversationState, DialogState } from './conversation-state.ts'
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

const unansweredTypes: readonly PublishedEvent['type'][] = ['ChatStateEvent', 'AcceptStatusEvent']

type Refusal = Extract<Step['reply'], { ok: false }>

/** Why a dialog does not take an event at all, if it does not. Rules: LIF-2, LIF-3, LIF-3a. */
function findClosed(
  { stage }: ConversationState,
  { state, dialogType }: DialogState,
  { type }: PublishedEvent,
): Refusal | undefined {
  const isOver = state === 'CLOSE'
  const isUnanswered =
    isOver && stage === 'OPEN'
      ? unansweredTypes.includes(type)
      : !isOver && dialogType === 'POST_SURVEY' && type === 'ChatStateEvent'
  if (isUnanswered) return { ok: false, errorCode: 40055, params: { event: type } }
  return isOver ? { ok: false, errorCode: 40054 } : undefined
}

/** What strict mode has against an event that names what is not there. Rules: PUB-3b, PUB-8a. */
function findUnknown(
  event: PublishedEvent,
  { nextSequence }: DialogState,
  { isStrict, isUploaded }: Environment,
): Refusal | undefined {
  if (!isStrict) return undefined
  if (event.type === 'AcceptStatusEvent') {
    const unknown = event.sequenceList.find(sequence => sequence >= nextSequence)
    const params = { n: String(unknown) }
    return unknown === undefined ? undefined : { ok: false, errorCode: 40058, params }
  }
  const isFile = event.type === 'ContentEvent' && event.contentType === 'hosted/file'
  return isFile && !isUploaded(event.message.relativePath)
    ? { ok: false, errorCode: 40061 }
    : undefined
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
  if (command.type === 'join' || command.type === 'endMainDialog' || command.type === 'startSurvey')
    return actForAgent(state, command, environment)
  if (command.type === 'updateFields')
    return isForeign(state, command.participant)
      ? refuse(state, 40103)
      : updateFields(state, command.fields, environment)
  const dialog = state.dialogs.find(({ dialogId }) => dialogId === command.dialogId)
  if (dialog === undefined) return refuse(state, 40451)
  if (isForeign(state, command.participant)) return refuse(state, 40103)
  const refusal =
    findClosed(state, dialog, command.event) ?? findUnknown(command.event, dialog, environment)
  return refusal
    ? { state, reply: refusal, events: [] }
    : publish(state, dialog, command, environment)
}

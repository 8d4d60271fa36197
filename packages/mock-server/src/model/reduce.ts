import {
  type ConversationField,
  type ErrorCode,
  errorCodes,
  type SentParticipant as Participant,
  type RuleId,
} from '@sendbox/schema'
import { actForAgent } from './agent.ts'
import { withAutoMessage } from './auto-message.ts'
import type { Command, Environment, Transition, UnknownPart } from './command.ts'
import type { ConversationState, DialogEvent, DialogState } from './conversation-state.ts'
import { isKnown, type OrderedEvidence } from './evidence.ts'
import { openConversation } from './open-conversation.ts'
import { publish } from './publish.ts'
import { updateFields } from './update-fields.ts'

/** A transition that changes nothing, with its error. */
export const refuse = (
  state: ConversationState | undefined,
  errorCode: ErrorCode,
  rules: readonly RuleId[] = [],
): Transition => ({ state, reply: { ok: false, errorCode, rules }, events: [] })

const foreignRules = ['AUTH-9.1', 'AUTH-9.2'] as const

/** Replaces a transition by a refusal without effect if its rules have weaker evidence. Rule: RES-9. */
export const withinEvidence = (
  taken: Transition,
  state: ConversationState | undefined,
  minEvidence: OrderedEvidence,
): Transition =>
  isKnown(taken.reply.rules ?? [], minEvidence)
    ? taken
    : refuse(state, errorCodes.insufficientEvidence, taken.reply.rules)

const isForeign = (state: ConversationState, participant: Participant): boolean =>
  participant.role === 'CONSUMER' && participant.id !== state.consumerId

/** Rules: LIF-6, AUTH-11. */
const namesUnknownDialog = (
  { dialogs }: ConversationState,
  fields: readonly ConversationField[],
): boolean =>
  fields.some(
    field =>
      field.field === 'DialogChange' &&
      !dialogs.some(({ dialogId }) => dialogId === field.dialog.dialogId),
  )

const unansweredTypes: readonly DialogEvent['type'][] = ['ChatStateEvent', 'AcceptStatusEvent']

type Refusal = Extract<Transition['reply'], { ok: false }>

/** The refusal of an event by the state of its dialog, if any. Rules: LIF-2, LIF-3, LIF-3a. */
function findClosed(
  { stage }: ConversationState,
  { state, dialogType }: DialogState,
  { type }: DialogEvent,
): Refusal | undefined {
  const isOver = state === 'CLOSE'
  if (dialogType === 'CoBrowse' && !isOver)
    return { ok: false, errorCode: errorCodes.eventNotAccepted, params: { event: type } }
  const isUnanswered =
    isOver && stage === 'OPEN'
      ? unansweredTypes.includes(type)
      : !isOver && dialogType === 'POST_SURVEY' && type === 'ChatStateEvent'
  if (isUnanswered)
    return {
      ok: false,
      errorCode: errorCodes.eventNotAccepted,
      params: { event: type },
      rules: [isOver ? 'LIF-3' : 'LIF-3a'],
    }
  return isOver ? { ok: false, errorCode: errorCodes.conversationClosed } : undefined
}

/** Sequence numbers that are not assigned, and a file that was not uploaded. Rules: PUB-3b, PUB-8a. */
function findUnknown(
  event: DialogEvent,
  { nextSequence }: DialogState,
  { isUploaded }: Environment,
): readonly UnknownPart[] {
  if (event.type === 'AcceptStatusEvent') {
    const expected =
      nextSequence === 0 ? 'an assigned number, and there is none' : `at most ${nextSequence - 1}`
    return event.sequenceList.flatMap((received, index) =>
      received < nextSequence
        ? []
        : [{ path: ['sequenceList', index], expected, received, rule: 'PUB-8a' }],
    )
  }
  if (event.type !== 'ContentEvent' || event.contentType !== 'hosted/file') return []
  const received = event.message.relativePath
  const expected = 'the path of an uploaded file'
  return isUploaded(received)
    ? []
    : [{ path: ['message', 'relativePath'], expected, received, rule: 'PUB-3b' }]
}

const refuseUnknown = ({ received, rule }: UnknownPart): Refusal =>
  rule === 'PUB-8a'
    ? { ok: false, errorCode: errorCodes.sequenceNotAssigned, params: { n: String(received) } }
    : { ok: false, errorCode: errorCodes.fileNotUploaded }

/** Adds the unknown parts of an event to the reply that accepts it. */
const withUnknownParts = (
  published: Transition,
  unknownParts: readonly UnknownPart[],
): Transition => {
  const [first] = unknownParts
  const { reply } = published
  if (first === undefined || !reply.ok) return published
  return { ...published, reply: { ...reply, rules: [...reply.rules, first.rule], unknownParts } }
}

/** Adds rules that decided a transition. */
export const withRules = (
  { state, reply, events }: Transition,
  further: readonly RuleId[],
): Transition => ({
  state,
  reply: { ...reply, rules: [...(reply.rules ?? []), ...further] },
  events,
})

type Opening = Extract<Command, { type: 'open' }>

/** The first message of an opening as a publish into a conversation; `undefined` without one. Rule: CON-2. */
export function toPublish(
  { firstMessage, consumerId, features }: Opening,
  dialogId: string,
): Extract<Command, { type: 'publish' }> | undefined {
  if (firstMessage === undefined) return undefined
  const participant = { id: consumerId, role: 'CONSUMER' } as const
  return { type: 'publish', participant, dialogId, features, ...firstMessage }
}

/** Opens a conversation and publishes its first message: both or neither. Rules: CON-2, CON-5. */
function open(command: Opening, environment: Environment): Transition {
  const opened = openConversation(command, environment)
  const publishing = toPublish(command, command.conversationId)
  if (publishing === undefined || !opened.reply.ok) return opened
  const published = reduce(opened.state, publishing, environment)
  if (!published.reply.ok) return { ...published, state: undefined }
  return {
    state: published.state,
    reply: {
      ...published.reply,
      body: { ...opened.reply.body, ...published.reply.body },
      rules: [...opened.reply.rules, 'CON-2', ...published.reply.rules],
    },
    events: [...opened.events, ...published.events],
  }
}

/**
 * Applies one command to one conversation. Pure: no I/O, no clock, no randomness of its own.
 * Rules: AUTH-9, LIF-2 to LIF-6, and AUTH-11 for their order.
 */
export function reduce(
  state: ConversationState | undefined,
  command: Command,
  environment: Environment,
): Transition {
  if (command.type === 'open') return open(command, environment)
  if (state === undefined) return refuse(state, errorCodes.conversationNotFound)
  if (command.type === 'updateFields') {
    if (namesUnknownDialog(state, command.fields))
      return refuse(state, errorCodes.conversationNotFound)
    return isForeign(state, command.participant)
      ? refuse(state, errorCodes.invalidConsumerJws, foreignRules)
      : updateFields(state, command, environment)
  }
  if (command.type !== 'publish') return actForAgent(state, command, environment)
  const dialog = state.dialogs.find(({ dialogId }) => dialogId === command.dialogId)
  if (dialog === undefined) return refuse(state, errorCodes.conversationNotFound)
  if (isForeign(state, command.participant))
    return refuse(state, errorCodes.invalidConsumerJws, foreignRules)
  const closed = findClosed(state, dialog, command.event)
  if (closed) return { state, reply: closed, events: [] }
  const unknown = findUnknown(command.event, dialog, environment)
  if (unknown[0] && environment.isStrict)
    return { state, reply: refuseUnknown(unknown[0]), events: [] }
  const published = publish(state, dialog, command, environment)
  const answered = unknown.length === 0 ? published : withUnknownParts(published, unknown)
  return state.hasMessage ? answered : withAutoMessage(state, answered, command, environment)
}

/** Opens a conversation, or treats the consumer's open one as the setting says. Rule: CON-4. */
export function openOrReuse(
  command: Opening,
  [openId]: readonly string[],
  environment: Environment,
  secondConversation: 'reject' | 'reuse' | 'allow',
): Transition {
  if (openId === undefined) return reduce(undefined, command, environment)
  if (secondConversation === 'reject') return refuse(undefined, errorCodes.conversationAlreadyOpen)
  const rules = ['RES-4', 'CON-4.2'] as const
  if (secondConversation === 'reuse')
    return {
      state: undefined,
      reply: { ok: true, body: { conversationId: openId }, rules },
      events: [],
    }
  return withRules(reduce(undefined, command, environment), ['CON-4.2'])
}

import type { RuleId } from '@sendbox/schema'
import type { Command, Environment, Transition } from './command.ts'
import type {
  ConversationState,
  DialogEvent,
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from './conversation-state.ts'
import { replaceDialog } from './dialog.ts'

type Publish = Extract<Command, { type: 'publish' }>

/** Sets a chat state; it gets no sequence, the response has 0. Rules: SEQ-4, CS-1, CS-2, CS-3. */
function publishChatState(
  state: ConversationState,
  dialog: DialogState,
  entry: ParticipantChatState,
): Transition {
  const others = dialog.chatStates.filter(
    ({ participantId }) => participantId !== entry.participantId,
  )
  return {
    state: replaceDialog(state, { ...dialog, chatStates: [...others, entry] }),
    reply: { ok: true, body: { sequence: 0 }, rules: chatStateRules },
    events: [{ type: 'chatStateChanged', dialogId: dialog.dialogId, entry }],
  }
}

const chatStateRules = ['RES-3', 'PUB-7', 'SEQ-4'] as const
const textRules = ['RES-3', 'PUB-2', 'SEQ-1'] as const
const fileRules = ['RES-3', 'PUB-3', 'SEQ-1'] as const
const receiptRules = ['RES-3', 'PUB-8.1', 'SEQ-1'] as const
const richContentRules = ['RES-3', 'PUB-9', 'SEQ-1'] as const
const formRules = ['RES-3', 'PUB-2a.1', 'PUB-2a.2', 'SEQ-1'] as const

type CountedEvent = Exclude<DialogEvent, { type: 'ChatStateEvent' }>

/** The rules by which an event is published. */
function rulesOf(event: CountedEvent): readonly RuleId[] {
  switch (event.type) {
    case 'ContentEvent':
      if (event.contentType === 'text/plain') return textRules
      return event.contentType === 'hosted/file' ? fileRules : formRules
    case 'AcceptStatusEvent':
      return receiptRules
    case 'RichContentEvent':
      return richContentRules
  }
}

/**
 * When the time to respond begins after an event: with the consumer's last message that no agent has answered. Receipts, private notes
 * and the controller's messages change nothing. Rules: WH-8, WH-8a.
 */
function toAwaitingSince(
  { awaitingAgentSince, startTs }: ConversationState,
  { event, role, messageAudience, serverTimestamp }: TranscriptEntry,
): number | null {
  const isAnswer =
    event.type !== 'AcceptStatusEvent' &&
    role !== 'CONTROLLER' &&
    messageAudience !== 'AGENTS_AND_MANAGERS'
  if (!isAnswer) return awaitingAgentSince === undefined ? startTs : awaitingAgentSince
  return role === 'CONSUMER' ? serverTimestamp : null
}

/** Publishes an event to an open dialog; all but chat states get its next sequence. Rules: SEQ-1, SEQ-2, RES-3. */
export function publish(
  state: ConversationState,
  dialog: DialogState,
  { participant, event, metadata, messageAudience }: Publish,
  { now }: Environment,
): Transition {
  if (event.type === 'ChatStateEvent') {
    const { id: participantId, role } = participant
    const entry = { participantId, role, chatState: event.chatState, since: now }
    return publishChatState(state, dialog, entry)
  }
  const sequence = dialog.nextSequence
  const entry: TranscriptEntry = {
    sequence,
    originatorId: participant.id,
    role: participant.role,
    serverTimestamp: now,
    event,
    ...(metadata && { metadata }),
    ...(messageAudience && { messageAudience }),
  }
  // To spread a dialog and define its number again takes V8 twice as long.
  const counted = Object.assign({}, dialog, { nextSequence: sequence + 1 })
  return {
    state: replaceDialog(state, counted, { awaitingAgentSince: toAwaitingSince(state, entry) }),
    reply: { ok: true, body: { sequence }, rules: rulesOf(event) },
    events: [{ type: 'counted', dialogId: dialog.dialogId, entry }],
  }
}

import type { PublishedEvent, RuleId } from '@sendbox/schema'
import type { Command, Environment, Transition } from './command.ts'
import type {
  ConversationState,
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

/** The rules by which an event is published. */
function rulesOf(event: Exclude<PublishedEvent, { type: 'ChatStateEvent' }>): readonly RuleId[] {
  switch (event.type) {
    case 'ContentEvent':
      return event.contentType === 'text/plain' ? textRules : fileRules
    case 'AcceptStatusEvent':
      return receiptRules
    case 'RichContentEvent':
      return richContentRules
  }
}

/** Publishes an event to an open dialog; all but chat states get its next sequence. Rules: SEQ-1, SEQ-2, RES-3. */
export function publish(
  state: ConversationState,
  dialog: DialogState,
  { participant, event, metadata }: Publish,
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
  }
  return {
    state: replaceDialog(state, { ...dialog, nextSequence: sequence + 1 }),
    reply: { ok: true, body: { sequence }, rules: rulesOf(event) },
    events: [{ type: 'counted', dialogId: dialog.dialogId, entry }],
  }
}

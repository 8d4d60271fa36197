import type { PublishedEvent, RuleId } from '@sendbox/schema'
import type { Command, Environment, Step } from './command.ts'
import type {
  ConversationState,
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from './conversation-state.ts'
import { replaceDialog } from './dialog.ts'

type Publish = Extract<Command, { type: 'publish' }>

/** Keeps a chat state; it takes no number and is answered with 0. Rules: SEQ-4, CS-1, CS-2, CS-3. */
function publishChatState(
  state: ConversationState,
  dialog: DialogState,
  entry: ParticipantChatState,
): Step {
  const others = dialog.chatStates.filter(
    ({ participantId }) => participantId !== entry.participantId,
  )
  return {
    state: replaceDialog(state, { ...dialog, chatStates: [...others, entry] }),
    reply: { ok: true, body: { sequence: 0 }, rules: ['RES-3', 'PUB-7', 'SEQ-4'] },
    events: [{ type: 'chatStateChanged', dialogId: dialog.dialogId, entry }],
  }
}

/** The rule that lets an event be published. */
function ruleOf(event: Exclude<PublishedEvent, { type: 'ChatStateEvent' }>): RuleId {
  switch (event.type) {
    case 'ContentEvent':
      return event.contentType === 'text/plain' ? 'PUB-2' : 'PUB-3'
    case 'AcceptStatusEvent':
      return 'PUB-8.1'
    case 'RichContentEvent':
      return 'PUB-9'
  }
}

/** Publishes an event to an open dialog; all but chat states take its next number. Rules: SEQ-1, SEQ-2, RES-3. */
export function publish(
  state: ConversationState,
  dialog: DialogState,
  { participant, event, metadata }: Publish,
  { now }: Environment,
): Step {
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
    reply: { ok: true, body: { sequence }, rules: ['RES-3', ruleOf(event), 'SEQ-1'] },
    events: [{ type: 'counted', dialogId: dialog.dialogId, entry }],
  }
}

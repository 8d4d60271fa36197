import type { ChatState, Participant, PublishedEvent, RuleId } from '@sendbox/schema'
import type { Command, Environment, Step } from './command.ts'
import type {
  ConversationState,
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from './conversation-state.ts'
import { replaceDialog } from './dialog.ts'

type Publish = Extract<Command, { type: 'publish' }>

function withChatState(
  chatStates: readonly ParticipantChatState[],
  { id, role }: Participant,
  chatState: ChatState,
  now: number,
): ParticipantChatState[] {
  const others = chatStates.filter(entry => entry.participantId !== id)
  return [...others, { participantId: id, role, chatState, since: now }]
}

/** Keeps a chat state; it takes no number and is answered with 0. Rules: SEQ-4, CS-1, CS-2. */
const publishChatState = (
  state: ConversationState,
  dialog: DialogState,
  participant: Participant,
  chatState: ChatState,
  now: number,
): Step => ({
  state: replaceDialog(state, {
    ...dialog,
    chatStates: withChatState(dialog.chatStates, participant, chatState, now),
  }),
  reply: { ok: true, body: { sequence: 0 }, rules: ['RES-3', 'PUB-7', 'SEQ-4'] },
  events: [{ type: 'chatStateChanged', dialogId: dialog.dialogId, participant }],
})

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
  if (event.type === 'ChatStateEvent')
    return publishChatState(state, dialog, participant, event.chatState, now)
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

import type { ConversationView } from '@sendbox/mock-server'
import type { Oracle } from './oracle.ts'

type OracleConversation = NonNullable<ReturnType<Oracle['find']>>

const byParticipant = (states: readonly (readonly [string, string])[]) =>
  states.toSorted(([one], [other]) => (one < other ? -1 : 1))

/** The part of a conversation view that the oracle models. */
export const showAsView = (view: ConversationView): object => ({
  conversationId: view.conversationId,
  state: view.state,
  stage: view.stage,
  skillId: view.skillId,
  ttr: { ...view.ttr },
  csat: view.csat && { ...view.csat },
  dropped: view.dropped,
  dialogs: view.dialogs.map(dialog => ({
    dialogId: dialog.dialogId,
    dialogType: dialog.dialogType,
    state: dialog.state,
    nextSequence: dialog.nextSequence,
    chatStates: byParticipant(
      dialog.chatStates.flatMap(({ participantId, chatState }) =>
        chatState === null ? [] : [[participantId, chatState] as const],
      ),
    ),
    chatStateHistory: dialog.chatStateHistory.map(({ participantId, chatState, since }) => [
      participantId,
      chatState,
      since,
    ]),
    transcript: dialog.transcript.map(entry => ({
      sequence: entry.sequence,
      originatorId: entry.originatorId,
      role: entry.role,
      serverTimestamp: entry.serverTimestamp,
      event: entry.event,
      metadata: entry.metadata,
    })),
  })),
})

/** The same of the oracle. */
export const showAsOracle = (conversation: OracleConversation): object => {
  const { dialogs, isOpen } = conversation
  return {
    conversationId: conversation.id,
    state: dialogs[0]?.isOpen ? 'OPEN' : 'CLOSE',
    stage: isOpen ? 'OPEN' : 'CLOSE',
    skillId: conversation.skillId,
    ttr: conversation.ttr,
    csat: conversation.csat,
    dropped: 0,
    dialogs: dialogs.map(dialog => ({
      dialogId: dialog.id,
      dialogType: dialog.type,
      state: dialog.isOpen ? 'OPEN' : 'CLOSE',
      nextSequence: dialog.said.length,
      chatStates: byParticipant([...dialog.chatStates]),
      chatStateHistory: dialog.chatHistory.map(({ by, chatState, at }) => [by, chatState, at]),
      transcript: dialog.said.map(({ by, role, at, event, metadata }, sequence) => ({
        sequence,
        originatorId: by,
        role,
        serverTimestamp: at,
        event,
        metadata,
      })),
    })),
  }
}

import { isDeepStrictEqual } from 'node:util'
import type { SentParticipant as Participant } from '@sendbox/schema'
import type {
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { ConversationRecord } from '../store/state-store.ts'

/** One thing that happened in a conversation, as its record tells it. */
export type Step = { readonly at: number } & (
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  | { readonly type: 'chatState'; readonly entry: ParticipantChatState }
  | { readonly type: 'openCoBrowse' }
  /** The end of a dialog, or the present: the participants then are known. */
  | { readonly type: 'end'; readonly dialog: DialogState; readonly isPresent: boolean }
)

/** Who acts in a step, unless it is the consumer or anybody. */
export function actorOf(step: Step): Participant | undefined {
  if (step.type === 'entry') {
    const { originatorId: id, role } = step.entry
    return role === 'CONSUMER' ? undefined : { id, role }
  }
  if (step.type !== 'chatState') return undefined
  const { participantId: id, role } = step.entry
  return role === 'CONSUMER' ? undefined : { id, role }
}

/** Whether a CoBrowse session ended with its conversation's main dialog, and not by itself. Rule: UPD-2. */
const endsWith = (session: DialogState, main: DialogState): boolean =>
  session.endTs === main.endTs &&
  session.closedBy === main.closedBy &&
  session.closedCause === main.closedCause &&
  isDeepStrictEqual(session.participants, main.participants)

/** The sessions of a conversation, which come one after the other. */
function* toSessionSteps(sessions: readonly DialogState[], main: DialogState): Generator<Step> {
  for (const [index, dialog] of sessions.entries()) {
    yield { type: 'openCoBrowse', at: dialog.creationTs }
    const { endTs } = dialog
    const isLast = index === sessions.length - 1
    if (endTs !== undefined && !(isLast && endsWith(dialog, main)))
      yield { type: 'end', at: endTs, dialog, isPresent: false }
  }
}

/** Chat states that last although their change was evicted from the history, which is full then: it is evicted once more. Rule: CS-3. */
const findEvicted = (
  { chatStates }: DialogState,
  history: readonly ParticipantChatState[],
): readonly ParticipantChatState[] =>
  chatStates.filter(
    ({ participantId, chatState }) =>
      chatState !== null && !history.some(change => change.participantId === participantId),
  )

/** Transcript and chat states are lists of their own, so what has one time may come in any order of the lists. */
function toEvents(
  { transcripts, chatStateHistories }: ConversationRecord,
  dialog: DialogState,
): Step[] {
  const { dialogId } = dialog
  const entries = (transcripts.get(dialogId) ?? []).map(
    (entry): Step => ({ type: 'entry', at: entry.serverTimestamp, entry }),
  )
  const history = chatStateHistories.get(dialogId) ?? []
  const chatStates = [...findEvicted(dialog, history), ...history].map(
    (entry): Step => ({ type: 'chatState', at: entry.since ?? 0, entry }),
  )
  return [...entries, ...chatStates]
}

/** The steps of a conversation, in an order that leads to its record. */
export function toSteps(record: ConversationRecord): Step[] {
  const { dialogs } = record.state
  const [main, ...others] = dialogs
  if (main === undefined) return []
  const survey = others.find(({ dialogType }) => dialogType === 'POST_SURVEY')
  const sessions = others.filter(({ dialogType }) => dialogType === 'CoBrowse')
  const inMain = [...toSessionSteps(sessions, main), ...toEvents(record, main)]
  const toEnd = (dialog: DialogState): Step => ({
    type: 'end',
    at: dialog.endTs ?? Number.POSITIVE_INFINITY,
    dialog,
    isPresent: dialog.endTs === undefined,
  })
  return [
    // A stable sort: of one time, a session comes before the entries, and these before the chat states.
    ...inMain.toSorted((one, other) => one.at - other.at),
    toEnd(main),
    ...(survey ? [...toEvents(record, survey), toEnd(survey)] : []),
  ]
}

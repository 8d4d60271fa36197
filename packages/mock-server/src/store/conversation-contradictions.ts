import { isDeepStrictEqual } from 'node:util'
import type { SentParticipant as Participant } from '@sendbox/schema'
import type {
  ConversationState,
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { Contradiction } from '../parse-input.ts'

/** The highest `nextSequence` of a snapshot; as many numbers are left. Rule: SEQ-1. */
export const maxSequence = 2 ** 52

type ListsByDialog<Entry> = Readonly<Record<string, readonly Entry[]>>

interface Conversation {
  readonly state: ConversationState
  readonly transcripts: ListsByDialog<TranscriptEntry>
  readonly chatStateHistories: ListsByDialog<ParticipantChatState>
  readonly dropped: number
}

/** Fields that a conversation or dialog has if, and only if, it is closed. Rules: UPD-2, WH-4. */
function* findEndContradictions<Closable extends object>(
  closable: Closable,
  isClosed: boolean,
  names: readonly (keyof Closable & string)[],
): Generator<Contradiction> {
  for (const name of names) {
    const { [name]: received } = closable
    if ((received !== undefined) === isClosed) continue
    const expected = isClosed ? 'a value, as it is closed' : 'no value, as it is open'
    yield { path: [name], expected, received }
  }
}

/** The consumer is the first participant, and no id comes twice. Rule: WH-4. */
function* findParticipantContradictions(
  participants: readonly Participant[],
  consumerId: string,
): Generator<Contradiction> {
  const [first] = participants
  if (first?.id !== consumerId || first.role !== 'CONSUMER') {
    const expected = `participants with the consumer ${consumerId} as the first`
    yield { path: ['participants'], expected, received: participants }
  }
  const ids = new Set<string>()
  for (const [index, { id, role }] of participants.entries()) {
    if (ids.has(id))
      yield {
        path: ['participants', index, 'id'],
        expected: 'an id that no other participant has',
        received: id,
      }
    ids.add(id)
    if (index > 0 && role === 'CONSUMER')
      yield {
        path: ['participants', index, 'role'],
        expected: 'no second consumer',
        received: role,
      }
  }
}

/** Chat states are `null` once the dialog is closed. Rule: CS-1. */
function* findChatStateContradictions({
  state,
  chatStates,
}: DialogState): Generator<Contradiction> {
  if (state === 'OPEN') return
  const expected = 'null, as the dialog is closed'
  for (const [index, { chatState }] of chatStates.entries())
    if (chatState !== null)
      yield { path: ['chatStates', index, 'chatState'], expected, received: chatState }
}

/**
 * The state that a dialog has by the stage of its conversation and the dialogs beside it; `undefined` where it may have either: the last
 * CoBrowse session beside an open main dialog. Rules: LIF-1, UPD-2, UPD-3, WH-4.
 */
function toExpectedState(
  { dialogType }: DialogState,
  index: number,
  { stage, dialogs }: ConversationState,
  indexes: { readonly survey: number; readonly lastCoBrowse: number },
): DialogState['state'] | undefined {
  if (dialogType === 'POST_SURVEY') return stage
  if (dialogType === 'MAIN') return indexes.survey === -1 ? stage : 'CLOSE'
  return dialogs[0]?.state === 'OPEN' && index === indexes.lastCoBrowse ? undefined : 'CLOSE'
}

/** The first dialog is the main one with the conversation's id, and there is one survey at most. Rules: LIF-7, UPD-3. */
function* findKindContradictions(
  { dialogId, dialogType }: DialogState,
  index: number,
  conversationId: string,
  survey: number,
): Generator<Contradiction> {
  if (index === 0 && dialogId !== conversationId) {
    const expected = `${conversationId}, as of the conversation`
    yield { path: ['dialogId'], expected, received: dialogId }
  }
  const kinds = survey === -1 || survey >= index ? ['POST_SURVEY', 'CoBrowse'] : ['CoBrowse']
  const expected = index === 0 ? ['MAIN'] : kinds
  if (!expected.includes(dialogType))
    yield { path: ['dialogType'], expected: expected.join(' or '), received: dialogType }
}

function* findDialogContradictions(state: ConversationState): Generator<Contradiction> {
  const { conversationId, consumerId, participants, dialogs } = state
  const survey = dialogs.findIndex(({ dialogType }) => dialogType === 'POST_SURVEY')
  const lastCoBrowse = dialogs.findLastIndex(({ dialogType }) => dialogType === 'CoBrowse')
  for (const [index, dialog] of dialogs.entries()) {
    const at = function* (found: Iterable<Contradiction>): Generator<Contradiction> {
      for (const { path, ...more } of found) yield { path: ['dialogs', index, ...path], ...more }
    }
    const isClosed = dialog.state === 'CLOSE'
    yield* at(findKindContradictions(dialog, index, conversationId, survey))
    const expected = toExpectedState(dialog, index, state, { survey, lastCoBrowse })
    if (expected !== undefined && dialog.state !== expected)
      yield* at([
        {
          path: ['state'],
          expected: `${expected}, by the stage of the conversation and its other dialogs`,
          received: dialog.state,
        },
      ])
    yield* at(findEndContradictions(dialog, isClosed, ['endTs', 'closedBy']))
    yield* at(findParticipantContradictions(dialog.participants, consumerId))
    if (!isClosed && !isDeepStrictEqual(dialog.participants, participants)) {
      const received = dialog.participants
      const places = 'the participants of the conversation, as the dialog is open'
      yield* at([{ path: ['participants'], expected: places, received }])
    }
    yield* at(findChatStateContradictions(dialog))
  }
}

function* findStateContradictions(state: ConversationState): Generator<Contradiction> {
  const isClosed = state.stage === 'CLOSE'
  yield* findEndContradictions(state, isClosed, ['endTs', 'closeReason'])
  yield* findParticipantContradictions(state.participants, state.consumerId)
  yield* findDialogContradictions(state)
}

/** Entries are numbered one by one up to the dialog's `nextSequence`, and those that are missing are counted. Rules: SEQ-1, SEQ-3. */
function* findNumberContradictions({
  state: { dialogs },
  transcripts,
  dropped,
}: Conversation): Generator<Contradiction> {
  const entriesByDialog = new Map(Object.entries(transcripts))
  let missing = 0
  for (const [index, { dialogId, nextSequence }] of dialogs.entries()) {
    const entries = entriesByDialog.get(dialogId) ?? []
    const start = entries[0]?.sequence ?? nextSequence
    const place = entries.findIndex(({ sequence }, number) => sequence !== start + number)
    if (place !== -1) {
      const expected = `${start + place}, the number after the one before`
      const received = entries[place]?.sequence
      return yield { path: ['transcripts', dialogId, place, 'sequence'], expected, received }
    }
    const next = start + entries.length
    if (nextSequence !== next) {
      const path = ['state', 'dialogs', index, 'nextSequence']
      const expected = `${next}, the number after that of the last entry`
      return yield { path, expected, received: nextSequence }
    }
    missing += start
  }
  if (dropped !== missing) {
    const expected = `${missing}, the number of entries before those of the transcripts`
    yield { path: ['dropped'], expected, received: dropped }
  }
}

function* findForeignLists(
  { state, transcripts, chatStateHistories }: Conversation,
  dialogIds: ReadonlySet<string>,
): Generator<Contradiction> {
  for (const [name, lists] of Object.entries({ transcripts, chatStateHistories }))
    for (const dialogId of Object.keys(lists))
      if (!dialogIds.has(dialogId)) {
        const expected = `the id of a dialog of conversation ${state.conversationId}`
        yield { path: [name, dialogId], expected, received: dialogId }
      }
}

/** The ids that an earlier conversation or dialog of the account has; adds those of this one. */
function* findRepeatedIds(
  { conversationId, dialogs }: ConversationState,
  conversationIds: Set<string>,
  dialogIds: Set<string>,
): Generator<Contradiction> {
  if (conversationIds.has(conversationId)) {
    const expected = 'an id that no other conversation of the account has'
    return yield { path: ['state', 'conversationId'], expected, received: conversationId }
  }
  conversationIds.add(conversationId)
  for (const [index, { dialogId }] of dialogs.entries()) {
    if (dialogIds.has(dialogId)) {
      const expected = 'an id that no other dialog of the account has'
      yield { path: ['state', 'dialogs', index, 'dialogId'], expected, received: dialogId }
    }
    dialogIds.add(dialogId)
  }
}

/** Contradictions in the conversations of an account: no sequence of calls could have led to them. */
export function* findConversationContradictions(
  conversations: readonly Conversation[],
): Generator<Contradiction> {
  const [conversationIds, dialogIds] = [new Set<string>(), new Set<string>()]
  for (const [index, conversation] of conversations.entries()) {
    const { state } = conversation
    const own = new Set(state.dialogs.map(({ dialogId }) => dialogId))
    const at = function* (name: readonly string[], found: Iterable<Contradiction>) {
      for (const { path, ...more } of found) yield { path: [index, ...name, ...path], ...more }
    }
    yield* at([], findRepeatedIds(state, conversationIds, dialogIds))
    yield* at([], findForeignLists(conversation, own))
    yield* at(['state'], findStateContradictions(state))
    yield* at([], findNumberContradictions(conversation))
  }
}

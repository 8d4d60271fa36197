import type { SentParticipant as Participant } from '@sendbox/schema'
import { actorOf, type Step } from './steps.ts'

/** The steps up to an end of a dialog, whose participants are known, the consumer aside. */
interface Segment {
  readonly from: number
  /** The index of the end. */
  readonly to: number
  readonly participants: readonly Participant[]
}

const toSegments = (steps: readonly Step[]): Segment[] => {
  const segments: Segment[] = []
  let from = 0
  for (const [to, step] of steps.entries()) {
    if (step.type !== 'end') continue
    const participants = step.dialog.participants.filter(({ role }) => role !== 'CONSUMER')
    segments.push({ from, to, participants })
    from = to + 1
  }
  return segments
}

/** The step in which a participant last set a chat state, by id. */
function findLastChatStates(steps: readonly Step[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const [index, step] of steps.entries())
    if (step.type === 'chatState') found.set(step.entry.participantId, index)
  return found
}

/** The agents of an open main dialog whose chat state is gone, as they left and came back after it. Rule: CS-1. */
function findForgotten(steps: readonly Step[], lastChatStates: ReadonlyMap<string, number>) {
  const present = steps.at(-1)
  if (present?.type !== 'end' || !present.isPresent) return new Set<string>()
  const { chatStates } = present.dialog
  return new Set(
    chatStates.flatMap(({ participantId: id, chatState, role }) =>
      role !== 'CONSUMER' && chatState === null && lastChatStates.has(id) ? [id] : [],
    ),
  )
}

/** The last step of a segment in which somebody of this id has another role; -1 for none. */
const findLastOtherRole = (
  steps: readonly Step[],
  { from, to }: Segment,
  { id, role }: Participant,
): number => {
  const found = steps.slice(from, to).findLastIndex(step => {
    const actor = actorOf(step)
    return actor?.id === id && actor.role !== role
  })
  return found === -1 ? -1 : from + found
}

/**
 * When agents join, so that the participants at each end of a dialog are those of the record, in its order: by the index of the step
 * before which they join, having left before if they had joined. An agent who acts without that joins by acting.
 */
export function planJoins(steps: readonly Step[]): ReadonlyMap<number, readonly Participant[]> {
  const segments = toSegments(steps)
  const lastChatStates = findLastChatStates(steps)
  const forgotten = findForgotten(steps, lastChatStates)
  const joins = new Map<number, readonly Participant[]>()
  // From the last one back, since whoever joins late need not join early.
  for (const [number, segment] of [...segments.entries()].toReversed()) {
    const before = segments[number - 1]?.participants ?? []
    let place = 0
    let remaining = 0
    for (const participant of segment.participants) {
      const { id, role } = participant
      const found = before.findIndex(
        (known, index) => index >= place && known.id === id && known.role === role,
      )
      const lastChatState = lastChatStates.get(id) ?? -1
      const returns = forgotten.has(id) && lastChatState >= segment.from
      if (found === -1 || returns || findLastOtherRole(steps, segment, participant) !== -1) break
      place = found + 1
      remaining += 1
    }
    let earliest = segment.from
    for (const participant of segment.participants.slice(remaining)) {
      const { id } = participant
      const lastChatState = forgotten.has(id) ? (lastChatStates.get(id) ?? -1) : -1
      forgotten.delete(id)
      const afterChatState = lastChatState < segment.to ? lastChatState + 1 : 0
      const afterOtherRole = findLastOtherRole(steps, segment, participant) + 1
      earliest = Math.max(earliest, afterChatState, afterOtherRole)
      joins.set(earliest, [...(joins.get(earliest) ?? []), participant])
    }
  }
  return joins
}

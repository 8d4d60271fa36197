import type { SentParticipant as Participant } from '@sendbox/schema'
import type {
  ConversationState,
  DialogState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import type { Settings } from '../settings.ts'
import type { ConversationRecord } from '../store/state-store.ts'
import { actorOf, type Step } from './steps.ts'
import {
  type EventInput,
  toAction,
  toConsumerEvent,
  type WriteOptions,
  withLimits,
  withMode,
} from './write-entry.ts'

/** A conversation that no scenario leads to; a snapshot that was made by hand may have one. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'

  constructor({ state: { conversationId } }: ConversationRecord, { sequence }: TranscriptEntry) {
    super(
      `Conversation ${conversationId} cannot be written as a scenario, as no action of an agent publishes its entry ${sequence}; take a snapshot instead`,
    )
  }
}

const toActor = ({ id, role }: { readonly id: string; readonly role: string }) => ({
  agentId: id,
  ...(role !== 'ASSIGNED_AGENT' && { role }),
})

/** Adds that the account's settings were others, where they were. */
const withSurvey = (event: object, survey: boolean, settings: Settings): object =>
  survey === settings.survey ? event : { ...event, settings: { survey } }

/** The closing of a dialog, without the actor: the fields of the consumer's event or of the agent's. Rules: UPD-2, UPD-3. */
function toClosing(
  { closedBy, closedCause, dialogType }: DialogState,
  { dialogs, closeReason }: ConversationState,
  settings: Settings,
): object {
  const isMain = dialogType === 'MAIN'
  const hasSurvey = isMain && dialogs.some(other => other.dialogType === 'POST_SURVEY')
  const cause = closedCause === undefined ? {} : { closedCause }
  const toUpdate = (field: object) => ({
    type: 'cm.UpdateConversationField',
    body: { conversationField: [field] },
  })
  if (closedBy === 'CONSUMER') {
    if (!hasSurvey && dialogType !== 'CoBrowse' && closedCause === undefined)
      return toUpdate({ field: 'ConversationStateField', conversationState: 'CLOSE' })
    const dialog = { dialogId: dialogType, state: 'CLOSE', ...cause }
    const update = toUpdate({ field: 'DialogChange', type: 'UPDATE', dialog })
    return isMain ? withSurvey(update, hasSurvey, settings) : update
  }
  if (dialogType === 'CoBrowse') return { action: 'closeCoBrowse' }
  if (hasSurvey && closedCause === undefined) return { action: 'startSurvey' }
  const isByReason = !hasSurvey && closeReason !== undefined && closeReason !== 'AGENT'
  const close = { action: 'close', ...cause, ...(isByReason && { closeReason }) }
  return isMain ? withSurvey(close, hasSurvey, settings) : close
}

/** Writes the events of a conversation one by one, and knows its participants. */
export class EventWriter {
  readonly events: EventInput[] = []
  /** The agents who have joined, in this order. */
  readonly #present: Participant[] = []
  readonly #record: ConversationRecord
  readonly #options: WriteOptions
  #last: number
  #found: Participant | undefined

  constructor(record: ConversationRecord, options: WriteOptions) {
    this.#record = record
    this.#options = options
    this.#last = record.state.startTs
  }

  #add(event: object, at = this.#last): void {
    this.#last = at
    this.events.push({ ...event, at } as EventInput)
  }

  /** Lets somebody who has not joined hand the conversation to a skill, which takes nobody away. */
  moveTo(skillId: string): void {
    this.#addForAgent(this.#visitor, { action: 'transfer', skillId })
  }

  #addForAgent(
    { id, role }: { readonly id: string; readonly role: string },
    action: object,
    at?: number,
  ): void {
    this.#add({ from: 'agent', ...toActor({ id, role }), ...action }, at)
  }

  consumer(event: object, at?: number): void {
    this.#add({ from: 'consumer', ...event }, at)
  }

  join(participant: Participant): void {
    this.leave(participant.id)
    this.#addForAgent(participant, { action: 'join' })
    this.#present.push(participant)
  }

  /** No effect for whoever has not joined. */
  leave(id: string): void {
    const index = this.#present.findIndex(known => known.id === id)
    if (index === -1) return
    this.#present.splice(index, 1)
    this.#add({ from: 'agent', agentId: id, action: 'leave' })
  }

  leaveBut(participants: readonly Participant[]): void {
    const leaving = this.#present.filter(({ id }) => !participants.some(other => other.id === id))
    for (const { id } of leaving) this.leave(id)
  }

  /** Lets an agent act, who joins by it. */
  act(actor: Participant, action: object, at: number): void {
    const known = this.#present.find(({ id }) => id === actor.id)
    if (known && known.role !== actor.role) this.leave(actor.id)
    this.#addForAgent(actor, action, at)
    if (known?.role !== actor.role) this.#present.push(actor)
  }

  /** Lets any agent act: one who has joined, or one who joins for it. */
  actAsAnybody(action: object, at: number): void {
    this.act(this.#present[0] ?? this.#visitor, action, at)
  }

  /** An agent who has nothing to do with the conversation. */
  get #visitor(): Participant {
    this.#found ??= this.#findVisitor()
    return this.#found
  }

  #findVisitor(): Participant {
    const { state, transcripts } = this.#record
    const taken = new Set([
      ...state.participants.map(({ id }) => id),
      ...state.dialogs.flatMap(({ participants }) => participants.map(({ id }) => id)),
      ...[...transcripts.values()].flat().map(({ originatorId }) => originatorId),
    ])
    let id = 'visitor'
    while (taken.has(id)) id += '-'
    return { id, role: 'ASSIGNED_AGENT' }
  }

  /** Writes a step that is no end. */
  step(step: Exclude<Step, { type: 'end' }>): void {
    const { at } = step
    const actor = actorOf(step)
    if (step.type === 'entry') this.#entry(step.entry, actor)
    else if (step.type === 'openCoBrowse') {
      this.actAsAnybody({ action: 'openCoBrowse' }, at)
      this.leave(this.#visitor.id)
    } else {
      const chatState = step.entry.chatState ?? 'ACTIVE'
      if (actor) this.act(actor, { action: 'type', chatState }, at)
      else
        this.consumer(
          { type: 'ms.PublishEvent', body: { event: { type: 'ChatStateEvent', chatState } } },
          at,
        )
    }
  }

  #entry(entry: TranscriptEntry, actor: Participant | undefined): void {
    const { serverTimestamp: at, metadata, messageAudience } = entry
    const { settings } = this.#options
    if (actor === undefined) {
      const event = toConsumerEvent(entry, at, this.#options)
      this.#add(withLimits(event, entry, settings), at)
      return
    }
    const action = toAction(entry, this.#options)
    if (action === undefined) throw new UnwritableError(this.#record, entry)
    const more = { ...(metadata && { metadata }), ...(messageAudience && { messageAudience }) }
    this.act(actor, withMode({ ...action, ...more }, entry, settings), at)
  }

  /** Ends a dialog as it ended. */
  end(dialog: DialogState): void {
    const { endTs: at = this.#last } = dialog
    const closing = toClosing(dialog, this.#record.state, this.#options.settings)
    if (dialog.closedBy === 'CONSUMER') this.consumer(closing, at)
    else this.actAsAnybody(closing, at)
  }
}

import { ttrSeconds } from '../model/open-conversation.ts'
import type { ConversationRecord } from '../store/state-store.ts'
import { EventWriter } from './event-writer.ts'
import { planJoins } from './plan-joins.ts'
import { prepareOpening } from './prepare-event.ts'
import type { ScenarioConversation } from './scenario-schema.ts'
import { toSteps } from './steps.ts'
import {
  asService,
  type ConversationInput,
  type EventInput,
  type WriteOptions,
} from './write-entry.ts'

const skillOfRequests = /^(?:-1|\d{1,10})$/

/** The skill that a conversation opens with: its own, or any where its survey needs one. Rule: UPD-3a. */
function toFirstSkill({ skillId, dialogs }: ConversationRecord['state']): string {
  const hasSurvey = dialogs.some(({ dialogType }) => dialogType === 'POST_SURVEY')
  if (!skillOfRequests.test(skillId)) return hasSurvey ? '0' : '-1'
  return hasSurvey && skillId === '-1' ? '0' : skillId
}

function toOpening({ state }: ConversationRecord): Readonly<Record<string, unknown>> {
  const { ttr, channelType, campaignInfo, conversationContext } = state
  const skillId = toFirstSkill(state)
  const isNamed = ttr.ttrType === 'NORMAL' || ttr.ttrType === 'URGENT'
  return {
    ...(skillId !== '-1' && { skillId }),
    ...(isNamed && { ttrDefName: ttr.ttrType }),
    ...(channelType !== undefined && { channelType }),
    ...(campaignInfo && { campaignInfo }),
    ...(conversationContext && { conversationContext }),
  }
}

const isNamedTtr = ({ ttrType, value }: ConversationRecord['state']['ttr']): boolean =>
  Object.hasOwn(ttrSeconds, ttrType) && ttrSeconds[ttrType as keyof typeof ttrSeconds] === value

function writeEvents(record: ConversationRecord, options: WriteOptions): EventInput[] {
  const { ttr, csat, skillId } = record.state
  const steps = toSteps(record)
  const joins = planJoins(steps)
  const writer = new EventWriter(record, options)
  const change = (field: object) =>
    writer.consumer({ type: 'cm.UpdateConversationField', body: { conversationField: [field] } })
  if (!isNamedTtr(ttr)) change({ field: 'TTRField', ...ttr })
  let isMoved = toFirstSkill(record.state) === skillId
  for (const [index, step] of steps.entries()) {
    for (const participant of joins.get(index) ?? []) writer.join(participant)
    if (step.type !== 'end') {
      writer.step(step)
      continue
    }
    writer.leaveBut(step.dialog.participants)
    const isLast = index === steps.length - 1
    if (!isMoved && isLast) {
      writer.moveTo(skillId)
      isMoved = true
    }
    if (!step.isPresent) writer.end(step.dialog)
  }
  if (csat) change({ field: 'CSATRate', ...csat })
  return writer.events
}

/** How many entries are missing before the first one of a dialog. */
const countDropped = ({ state, transcripts }: ConversationRecord, dialogType: string): number => {
  const dialog = state.dialogs.find(known => known.dialogType === dialogType)
  if (dialog === undefined) return 0
  return transcripts.get(dialog.dialogId)?.[0]?.sequence ?? dialog.nextSequence
}

/** Writes a conversation down as the events that lead to it. */
export function writeConversation(
  record: ConversationRecord,
  options: WriteOptions,
): ConversationInput {
  const { extConsumerId, consumerId, startTs, features, hasMessage, awaitingAgentSince } =
    record.state
  const [main, survey] = [countDropped(record, 'MAIN'), countDropped(record, 'POST_SURVEY')]
  const open = toOpening(record)
  const dropped = {
    ...(main > 0 && { MAIN: main }),
    ...(survey > 0 && { POST_SURVEY: survey }),
    ...(!hasMessage && { hasMessage }),
    ...(awaitingAgentSince !== undefined && { awaitingAgentSince }),
  }
  const written: ConversationInput = {
    consumer: extConsumerId ?? consumerId,
    at: startTs,
    ...(Object.keys(open).length > 0 && { open }),
    ...(features.length > 0 && { features: [...features] }),
    ...(options.profile && { profile: options.profile }),
    ...(record.dropped > 0 && { dropped }),
    events: writeEvents(record, options),
  }
  const { accountId, settings } = options
  const { mode } = settings
  return prepareOpening(written as ScenarioConversation, [], { accountId, mode }).ok
    ? written
    : { ...written, settings: asService }
}

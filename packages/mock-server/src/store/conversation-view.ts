import { z } from 'zod'
import { toFileId } from '../files/file-urls.ts'
import type {
  DialogState,
  ParticipantChatState,
  TranscriptEntry,
} from '../model/conversation-state.ts'
import { toEffectiveTtr } from '../notifications/conversation.ts'
import {
  CampaignSchema,
  CloseReasonSchema,
  CloserSchema,
  conversationFields,
  DialogTypeSchema,
  LifecycleSchema,
  ParticipantChatStateSchema,
  ParticipantSchema,
  TranscriptEntrySchema,
  VisitContextSchema,
} from './conversation-schemas.ts'
import type { ConversationRecord } from './state-store.ts'

/** When something was opened, and when, by whom and why it was closed; times in ms since the epoch. Rule: WH-4. */
const lifeFields = {
  openedAt: z.number(),
  /** Absent while it is open, as the two that follow. */
  closedAt: z.number().exactOptional(),
  closedBy: CloserSchema.exactOptional(),
  /** As given by the side that closed it. Rule: UPD-3. */
  closedCause: z.string().exactOptional(),
}

/** An entry of a transcript. */
const EntryViewSchema = TranscriptEntrySchema.extend({
  /** The path in the control API of the file that it is about. */
  file: z.string().exactOptional(),
})

/** A dialog with its chat states and its transcript. Rules: CS-1, SEQ-1. */
const DialogViewSchema = z.object({
  dialogId: z.string(),
  dialogType: DialogTypeSchema,
  state: LifecycleSchema,
  ...lifeFields,
  /** Those at its end once it is closed. */
  participants: z.array(ParticipantSchema).readonly(),
  /** The number that the next counted event takes. */
  nextSequence: z.int().min(0),
  /** In the order of the participants, the consumer first. */
  chatStates: z.array(ParticipantChatStateSchema).readonly(),
  /** Every change of a chat state, timed. Rule: CS-3. */
  chatStateHistory: z.array(ParticipantChatStateSchema).readonly(),
  transcript: z.array(EntryViewSchema).readonly(),
})
export type DialogView = z.output<typeof DialogViewSchema>

/**
 * A conversation in the control API and the account handle. The fields of the request that opened it are absent where it had none, and
 * where the conversation was opened without a request. Rule: LIF-1.
 */
export const ConversationViewSchema = z.object({
  conversationId: z.string(),
  /** The `ext_consumer_id`, from the ConsumerJWS; absent in a conversation of an older data folder or snapshot. */
  consumer: z.string().exactOptional(),
  /** The `lp_consumer_id`. */
  consumerId: z.string(),
  /** The main dialog's. */
  state: LifecycleSchema,
  /** The whole conversation's. */
  stage: LifecycleSchema,
  ...lifeFields,
  /** Why the whole conversation was closed. */
  closeReason: CloseReasonSchema.exactOptional(),
  skillId: conversationFields.skillId,
  ttr: conversationFields.ttr,
  /** When an agent is to answer, in ms since the epoch; −1 once one has, or once it is closed. Rule: WH-8. */
  effectiveTTR: z.number(),
  /** The `channelType` of the request. */
  channel: z.string().exactOptional(),
  /** The `campaignInfo` of the request. */
  campaign: CampaignSchema.exactOptional(),
  /** The `conversationContext` of the request. */
  context: VisitContextSchema.exactOptional(),
  /** The features of the `Client-Properties` of the request. Rule: REQ-6. */
  features: z.array(z.string()).readonly(),
  participants: z.array(ParticipantSchema).readonly(),
  csat: z
    .object({
      csatRate: z.int(),
      csatResolutionConfirmation: z.boolean(),
      status: z.string(),
    })
    .exactOptional(),
  /** Messages to the consumer in the transcripts that no receipt READ of the consumer names. */
  unread: z.int().min(0),
  dropped: conversationFields.dropped,
  dialogs: z.array(DialogViewSchema).readonly(),
  /** Paths of the control API. */
  links: z.object({
    /** The calls about the conversation. */
    requests: z.string(),
    /** The webhook deliveries about it. */
    deliveries: z.string(),
  }),
})
export type ConversationView = z.output<typeof ConversationViewSchema>

/** Whether an entry is a message that the consumer gets to read. Rule: WH-4a. */
const isForConsumer = ({ event, role, messageAudience }: TranscriptEntry): boolean =>
  role !== 'CONSUMER' &&
  event.type !== 'AcceptStatusEvent' &&
  messageAudience !== 'AGENTS_AND_MANAGERS'

/** Counts the messages to the consumer that no receipt of the consumer says are read. Rule: PUB-8. */
function countUnread(transcript: readonly TranscriptEntry[]): number {
  const read = new Set<number>()
  for (const { event, role } of transcript)
    if (role === 'CONSUMER' && event.type === 'AcceptStatusEvent' && event.status === 'READ')
      for (const sequence of event.sequenceList) read.add(sequence)
  return transcript.filter(entry => isForConsumer(entry) && !read.has(entry.sequence)).length
}

const toLife = (
  openedAt: number,
  { endTs, closedBy, closedCause }: Partial<DialogState> = {},
): Pick<DialogView, keyof typeof lifeFields> => ({
  openedAt,
  ...(endTs !== undefined && { closedAt: endTs }),
  ...(closedBy !== undefined && { closedBy }),
  ...(closedCause !== undefined && { closedCause }),
})

/** The chat states of a dialog, whose last change is the last, in the order of its participants. */
const inOrderOf = ({ participants, chatStates }: DialogState): readonly ParticipantChatState[] => {
  const places = new Map(participants.map(({ id }, index) => [id, index]))
  const placeOf = ({ participantId }: ParticipantChatState): number =>
    places.get(participantId) ?? participants.length
  return chatStates.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** Escapes an id for a URL; half of a surrogate pair, which none can have, is U+FFFD. */
const encode = (id: string): string => encodeURIComponent(Buffer.from(id).toString())

const toAccountPath = (accountId: string): string => `/__sendbox/accounts/${encode(accountId)}`

function toEntryView(entry: TranscriptEntry, accountId: string): DialogView['transcript'][number] {
  const { event } = entry
  if (event.type !== 'ContentEvent' || event.contentType !== 'hosted/file') return entry
  const fileId = encode(toFileId(accountId, event.message.relativePath))
  return { ...entry, file: `${toAccountPath(accountId)}/files/${fileId}` }
}

const toDialogView = (
  dialog: DialogState,
  { transcripts, chatStateHistories }: ConversationRecord,
  accountId: string,
): DialogView => ({
  dialogId: dialog.dialogId,
  dialogType: dialog.dialogType,
  state: dialog.state,
  ...toLife(dialog.creationTs, dialog),
  participants: dialog.participants,
  nextSequence: dialog.nextSequence,
  chatStates: inOrderOf(dialog),
  chatStateHistory: [...(chatStateHistories.get(dialog.dialogId) ?? [])],
  transcript: (transcripts.get(dialog.dialogId) ?? []).map(entry => toEntryView(entry, accountId)),
})

function toLinks(accountId: string, conversationId: string): ConversationView['links'] {
  const account = toAccountPath(accountId)
  const query = `conversationId=${encode(conversationId)}`
  return { requests: `${account}/requests?${query}`, deliveries: `${account}/webhooks?${query}` }
}

/** The dialog with which a conversation ends: the survey, or the main one where there is none. Rules: LIF-1, UPD-3. */
const findLastDialog = (dialogs: readonly DialogState[]): DialogState | undefined =>
  dialogs.findLast(({ dialogType }) => dialogType !== 'CoBrowse')

/** Copies a conversation into a view; later changes do not affect it. Rule: LIF-1. */
export function toConversationView(
  record: ConversationRecord,
  accountId: string,
): ConversationView {
  const { state, transcripts, dropped } = record
  const { conversationId, extConsumerId, stage, closeReason } = state
  const { channelType, campaignInfo, conversationContext, csat } = state
  return {
    conversationId,
    ...(extConsumerId !== undefined && { consumer: extConsumerId }),
    consumerId: state.consumerId,
    state: state.dialogs[0]?.state ?? stage,
    stage,
    ...toLife(state.startTs, stage === 'CLOSE' ? findLastDialog(state.dialogs) : undefined),
    ...(closeReason !== undefined && { closeReason }),
    skillId: state.skillId,
    ttr: state.ttr,
    effectiveTTR: toEffectiveTtr(state),
    ...(channelType !== undefined && { channel: channelType }),
    ...(campaignInfo && { campaign: campaignInfo }),
    ...(conversationContext && { context: conversationContext }),
    features: state.features,
    participants: state.participants,
    ...(csat && { csat }),
    unread: [...transcripts.values()].reduce((sum, entries) => sum + countUnread(entries), 0),
    dropped,
    dialogs: state.dialogs.map(dialog => toDialogView(dialog, record, accountId)),
    links: toLinks(accountId, conversationId),
  }
}

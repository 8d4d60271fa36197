import { ChatStateSchema, MetadataSchema, ParticipantRoleSchema } from '@sendbox/schema'
import { z } from 'zod'
import type { ConversationRecord } from './state-store.ts'
import { StoredEventSchema } from './stored-event.ts'

export const LifecycleSchema = z.enum(['OPEN', 'CLOSE'])

/** Times are in ms since the epoch. Rule: CS-1. */
export const ParticipantChatStateSchema = z.object({
  participantId: z.string(),
  role: ParticipantRoleSchema,
  chatState: ChatStateSchema.nullable(),
  since: z.number().nullable(),
})

export const TranscriptEntrySchema = z.object({
  sequence: z.int().min(0),
  originatorId: z.string(),
  role: ParticipantRoleSchema,
  serverTimestamp: z.number(),
  event: StoredEventSchema,
  metadata: z.array(MetadataSchema).readonly().exactOptional(),
})

/** A dialog with its chat states and all that was said in it. Rules: CS-1, SEQ-1. */
const DialogViewSchema = z.object({
  dialogId: z.string(),
  dialogType: z.enum(['MAIN', 'POST_SURVEY']),
  state: LifecycleSchema,
  /** The number that the next counted event takes. */
  nextSequence: z.int().min(0),
  chatStates: z.array(ParticipantChatStateSchema).readonly(),
  /** Every change of a chat state, timed. Rule: CS-3. */
  chatStateHistory: z.array(ParticipantChatStateSchema).readonly(),
  transcript: z.array(TranscriptEntrySchema).readonly(),
})
export type DialogView = z.output<typeof DialogViewSchema>

/** A conversation as the control API and the account handle show it. Rule: LIF-1. */
export const ConversationViewSchema = z.object({
  conversationId: z.string(),
  /** The main dialog's. */
  state: LifecycleSchema,
  /** The whole conversation's. */
  stage: LifecycleSchema,
  skillId: z.string(),
  /** `value` is in seconds. */
  ttr: z.object({ ttrType: z.string(), value: z.number() }),
  csat: z
    .object({
      csatRate: z.int(),
      csatResolutionConfirmation: z.boolean(),
      status: z.string(),
    })
    .exactOptional(),
  /** How many of the oldest transcript entries are no longer kept. */
  dropped: z.int().min(0),
  dialogs: z.array(DialogViewSchema).readonly(),
})
export type ConversationView = z.output<typeof ConversationViewSchema>

/** Shows a conversation as it is now; what happens later does not change the view. Rule: LIF-1. */
export const toConversationView = ({
  state,
  transcripts,
  chatStateHistories,
  dropped,
}: ConversationRecord): ConversationView => ({
  conversationId: state.conversationId,
  state: state.dialogs[0]?.state ?? state.stage,
  stage: state.stage,
  skillId: state.skillId,
  ttr: state.ttr,
  ...(state.csat && { csat: state.csat }),
  dropped,
  dialogs: state.dialogs.map(dialog => ({
    dialogId: dialog.dialogId,
    dialogType: dialog.dialogType,
    state: dialog.state,
    nextSequence: dialog.nextSequence,
    chatStates: dialog.chatStates,
    chatStateHistory: [...(chatStateHistories.get(dialog.dialogId) ?? [])],
    transcript: [...(transcripts.get(dialog.dialogId) ?? [])],
  })),
})

import { z } from 'zod'
import {
  conversationFields,
  DialogTypeSchema,
  LifecycleSchema,
  ParticipantChatStateSchema,
  TranscriptEntrySchema,
} from './conversation-schemas.ts'
import type { ConversationRecord } from './state-store.ts'

/** A dialog with its chat states and its transcript. Rules: CS-1, SEQ-1. */
const DialogViewSchema = z.object({
  dialogId: z.string(),
  dialogType: DialogTypeSchema,
  state: LifecycleSchema,
  /** The number that the next counted event takes. */
  nextSequence: z.int().min(0),
  chatStates: z.array(ParticipantChatStateSchema).readonly(),
  /** Every change of a chat state, timed. Rule: CS-3. */
  chatStateHistory: z.array(ParticipantChatStateSchema).readonly(),
  transcript: z.array(TranscriptEntrySchema).readonly(),
})
export type DialogView = z.output<typeof DialogViewSchema>

/** A conversation in the control API and the account handle. Rule: LIF-1. */
export const ConversationViewSchema = z.object({
  conversationId: z.string(),
  /** The main dialog's. */
  state: LifecycleSchema,
  /** The whole conversation's. */
  stage: LifecycleSchema,
  skillId: conversationFields.skillId,
  ttr: conversationFields.ttr,
  csat: z
    .object({
      csatRate: z.int(),
      csatResolutionConfirmation: z.boolean(),
      status: z.string(),
    })
    .exactOptional(),
  dropped: conversationFields.dropped,
  dialogs: z.array(DialogViewSchema).readonly(),
})
export type ConversationView = z.output<typeof ConversationViewSchema>

/** Copies a conversation into a view; later changes do not affect it. Rule: LIF-1. */
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

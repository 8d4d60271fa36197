import {
  boundedArray,
  boundedRecord,
  CsatRateFieldSchema,
  SetUserProfileRequestSchema,
} from '@sendbox/schema'
import { z } from 'zod'
import { TimeSchema } from '../accounts/account-clock.ts'
import type { ConversationState, DialogState } from '../model/conversation-state.ts'
import { refuseContradictions } from '../parse-input.ts'
import { findConversationContradictions, maxSequence } from './conversation-contradictions.ts'
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

/** A field of the model's state without a schema is a type error. */
type ShapeOf<State> = Record<keyof State, z.ZodType>

const DialogStateSchema = z.strictObject({
  dialogId: z.string().min(1),
  dialogType: DialogTypeSchema,
  state: LifecycleSchema,
  participants: boundedArray(ParticipantSchema).readonly(),
  creationTs: TimeSchema,
  endTs: TimeSchema.exactOptional(),
  metaDataLastUpdateTs: TimeSchema,
  closedBy: CloserSchema.exactOptional(),
  closedCause: z.string().exactOptional(),
  nextSequence: z.int().min(0).max(maxSequence),
  chatStates: boundedArray(ParticipantChatStateSchema).readonly(),
} satisfies ShapeOf<DialogState>)

const { skillId, ttr, dropped } = conversationFields

/** Schema of the model's state. Rules: LIF-1, LIF-7. */
const ConversationStateSchema = z.strictObject({
  conversationId: z.string().min(1),
  consumerId: z.string().min(1),
  extConsumerId: z.string().exactOptional(),
  participants: boundedArray(ParticipantSchema).readonly(),
  stage: LifecycleSchema,
  skillId,
  ttr,
  features: boundedArray(z.string()).readonly(),
  hasMessage: z.boolean(),
  appInstallId: z.string().exactOptional(),
  channelType: z.string().exactOptional(),
  campaignInfo: CampaignSchema.exactOptional(),
  conversationContext: VisitContextSchema.exactOptional(),
  awaitingAgentSince: TimeSchema.nullable().exactOptional(),
  csat: CsatRateFieldSchema.pick({
    csatRate: true,
    csatResolutionConfirmation: true,
    status: true,
  }).exactOptional(),
  startTs: TimeSchema,
  endTs: TimeSchema.exactOptional(),
  metaDataLastUpdateTs: TimeSchema,
  closeReason: CloseReasonSchema.exactOptional(),
  dialogs: boundedArray(DialogStateSchema).min(1).readonly(),
} satisfies ShapeOf<ConversationState>) satisfies z.ZodType<ConversationState>

const ConversationSnapshotSchema = z.strictObject({
  state: ConversationStateSchema,
  /** By dialog, oldest first. */
  transcripts: boundedRecord(boundedArray(TranscriptEntrySchema).readonly()),
  /** Every change of a chat state, by dialog. Rule: CS-3. */
  chatStateHistories: boundedRecord(boundedArray(ParticipantChatStateSchema).readonly()),
  dropped,
})

/** A conversation in a snapshot. */
export type ConversationSnapshot = z.output<typeof ConversationSnapshotSchema>

/** The conversations of an account with their transcripts, oldest first. */
export const ConversationSnapshotsSchema = boundedArray(ConversationSnapshotSchema)
  .check(refuseContradictions(findConversationContradictions))
  .readonly()

/** The profile that a consumer set last. Rule: PRO-1. */
export const ProfileSchema = SetUserProfileRequestSchema.shape.body
export type Profile = z.output<typeof ProfileSchema>

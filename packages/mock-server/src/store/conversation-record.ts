import {
  CsatRateFieldSchema,
  ParticipantRoleSchema,
  SetUserProfileRequestSchema,
} from '@sendbox/schema'
import { z } from 'zod'
import type { ConversationState, DialogState } from '../model/conversation-state.ts'
import {
  conversationFields,
  DialogTypeSchema,
  LifecycleSchema,
  ParticipantChatStateSchema,
  TranscriptEntrySchema,
} from './conversation-schemas.ts'

const ParticipantSchema = z.strictObject({ id: z.string(), role: ParticipantRoleSchema })

const CloserSchema = z.enum(['CONSUMER', 'AGENT'])
const CloseReasonSchema = z.enum(['CONSUMER', 'AGENT', 'TIMEOUT'])

/** A field of the model's state without a schema is a type error. */
type ShapeOf<State> = Record<keyof State, z.ZodType>

const DialogStateSchema = z.strictObject({
  dialogId: z.string().min(1),
  dialogType: DialogTypeSchema,
  state: LifecycleSchema,
  participants: z.array(ParticipantSchema).readonly(),
  creationTs: z.number(),
  endTs: z.number().exactOptional(),
  metaDataLastUpdateTs: z.number(),
  closedBy: CloserSchema.exactOptional(),
  closedCause: z.string().exactOptional(),
  nextSequence: z.int().min(0),
  chatStates: z.array(ParticipantChatStateSchema).readonly(),
} satisfies ShapeOf<DialogState>)

const { skillId, ttr, dropped } = conversationFields

/** Schema of the model's state. Rules: LIF-1, LIF-7. */
const ConversationStateSchema = z.strictObject({
  conversationId: z.string().min(1),
  consumerId: z.string().min(1),
  participants: z.array(ParticipantSchema).readonly(),
  stage: LifecycleSchema,
  skillId,
  ttr,
  features: z.array(z.string()).readonly(),
  hasMessage: z.boolean(),
  appInstallId: z.string().exactOptional(),
  awaitingAgentSince: z.number().nullable().exactOptional(),
  csat: CsatRateFieldSchema.pick({
    csatRate: true,
    csatResolutionConfirmation: true,
    status: true,
  }).exactOptional(),
  startTs: z.number(),
  endTs: z.number().exactOptional(),
  metaDataLastUpdateTs: z.number(),
  closeReason: CloseReasonSchema.exactOptional(),
  dialogs: z.array(DialogStateSchema).min(1).readonly(),
} satisfies ShapeOf<ConversationState>) satisfies z.ZodType<ConversationState>

const ConversationSnapshotSchema = z.strictObject({
  state: ConversationStateSchema,
  /** By dialog, oldest first. */
  transcripts: z.record(z.string(), z.array(TranscriptEntrySchema).readonly()),
  /** Every change of a chat state, by dialog. Rule: CS-3. */
  chatStateHistories: z.record(z.string(), z.array(ParticipantChatStateSchema).readonly()),
  dropped,
})

/** A conversation in a snapshot. */
export type ConversationSnapshot = z.output<typeof ConversationSnapshotSchema>

const refuseRepeatedIds: z.core.CheckFn<readonly ConversationSnapshot[]> = ({ value, issues }) => {
  const seen = new Set<string>()
  for (const [index, { state }] of value.entries())
    for (const [place, { dialogId }] of state.dialogs.entries()) {
      if (seen.has(dialogId))
        issues.push({
          code: 'custom',
          path: [index, 'state', 'dialogs', place, 'dialogId'],
          input: dialogId,
          message: 'an id that no other dialog of the account has',
        })
      seen.add(dialogId)
    }
}

const refuseForeignDialogs: z.core.CheckFn<readonly ConversationSnapshot[]> = ({
  value,
  issues,
}) => {
  for (const [index, { state, transcripts, chatStateHistories }] of value.entries())
    for (const [name, lists] of Object.entries({ transcripts, chatStateHistories }))
      for (const dialogId of Object.keys(lists))
        if (!state.dialogs.some(dialog => dialog.dialogId === dialogId))
          issues.push({
            code: 'custom',
            path: [index, name, dialogId],
            input: dialogId,
            message: 'the id of a dialog of this conversation',
          })
}

/** The conversations of an account with their transcripts, oldest first. */
export const ConversationSnapshotsSchema = z
  .array(ConversationSnapshotSchema)
  .check(refuseRepeatedIds, refuseForeignDialogs)
  .readonly()

/** The profile that a consumer set last. Rule: PRO-1. */
export const ProfileSchema = SetUserProfileRequestSchema.shape.body
export type Profile = z.output<typeof ProfileSchema>

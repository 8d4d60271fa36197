import {
  AcceptStatusSchema,
  boundedArray,
  ChatStateEventSchema,
  ChatStateSchema,
  FileContentEventSchema,
  MetadataSchema,
  ParticipantRoleSchema,
  SequenceSchema,
  TextContentEventSchema,
} from '@sendbox/schema'
import { z } from 'zod'
import { TimeSchema } from '../accounts/account-clock.ts'
import type { DialogEvent, VisitContext } from '../model/conversation-state.ts'

const StoredReceiptSchema = z.looseObject({
  type: z.literal('AcceptStatusEvent'),
  status: AcceptStatusSchema,
  sequenceList: boundedArray(SequenceSchema).min(1),
})

const StoredCardSchema = z.looseObject({
  type: z.literal('RichContentEvent'),
  content: z.looseObject({ type: z.string() }),
})

const type = z.literal('ContentEvent')
const formShape = { formId: z.string(), title: z.string(), invitationId: z.string() }

/** In the wire's order. Rules: PUB-2a, WH-4. */
const StoredExternalFileSchema = z.strictObject({
  type,
  message: z.strictObject({ url: z.string(), fileType: z.string() }),
  contentType: z.literal('external/file'),
})

const StoredInvitationSchema = z.strictObject({
  type,
  message: z.strictObject(formShape),
  contentType: z.literal('forms/secure-invitation'),
})

const StoredSubmissionSchema = z.strictObject({
  type,
  message: z.strictObject({ ...formShape, submissionId: z.string().optional() }),
  contentType: z.literal('forms/secure-submission'),
})

/** An event as a transcript stores it: the output of parsing, in one form only. Rules: PUB-2a, PUB-6, PUB-9, REQ-8. */
const StoredEventSchema = z.discriminatedUnion('type', [
  z.discriminatedUnion('contentType', [
    TextContentEventSchema,
    FileContentEventSchema,
    StoredExternalFileSchema,
    StoredInvitationSchema,
    StoredSubmissionSchema,
  ]),
  ChatStateEventSchema,
  StoredReceiptSchema,
  StoredCardSchema,
]) satisfies z.ZodType<DialogEvent>

export const LifecycleSchema = z.enum(['OPEN', 'CLOSE'])
export const DialogTypeSchema = z.enum(['MAIN', 'POST_SURVEY', 'CoBrowse'])

/** Times are in ms since the epoch. Rule: CS-1. */
export const ParticipantChatStateSchema = z.object({
  participantId: z.string(),
  role: ParticipantRoleSchema,
  chatState: ChatStateSchema.nullable(),
  since: TimeSchema.nullable(),
})

export const TranscriptEntrySchema = z.object({
  sequence: z.int().min(0),
  originatorId: z.string(),
  role: ParticipantRoleSchema,
  serverTimestamp: TimeSchema,
  event: StoredEventSchema,
  metadata: boundedArray(MetadataSchema).readonly().exactOptional(),
  messageAudience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).exactOptional(),
})

export const ParticipantSchema = z.strictObject({ id: z.string(), role: ParticipantRoleSchema })

export const CloserSchema = z.enum(['CONSUMER', 'AGENT'])

export const CloseReasonSchema = z.enum(['CONSUMER', 'AGENT', 'TIMEOUT'])

const IdSchema = z.union([z.string(), z.int()])

/** The campaign that the consumer came from. Rules: CON-1, CON-1b. */
export const CampaignSchema = z.strictObject({ campaignId: IdSchema, engagementId: IdSchema })

/** The visit that a conversation belongs to. Rules: CON-1, CON-1b. */
export const VisitContextSchema = z.strictObject({
  visitorId: IdSchema.optional(),
  sessionId: IdSchema.optional(),
  interactionContextId: IdSchema.optional(),
  type: z.literal('SharkContext').optional(),
  lang: z.string().optional(),
}) satisfies z.ZodType<VisitContext>

/** Fields that views and snapshots of a conversation share. */
export const conversationFields = {
  skillId: z.string(),
  /** `value` is in seconds. */
  ttr: z.object({ ttrType: z.string(), value: z.number() }),
  /** Number of transcript entries that were evicted, the oldest first. */
  dropped: z.int().min(0),
}

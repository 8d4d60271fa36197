import {
  AcceptStatusSchema,
  ChatStateEventSchema,
  ChatStateSchema,
  FileContentEventSchema,
  MetadataSchema,
  ParticipantRoleSchema,
  type PublishedEvent,
  SequenceSchema,
  TextContentEventSchema,
} from '@sendbox/schema'
import { z } from 'zod'

const StoredReceiptSchema = z.looseObject({
  type: z.literal('AcceptStatusEvent'),
  status: AcceptStatusSchema,
  sequenceList: z.array(SequenceSchema).min(1),
})

const StoredCardSchema = z.looseObject({
  type: z.literal('RichContentEvent'),
  content: z.looseObject({ type: z.string() }),
})

/** An event as a transcript stores it: the output of parsing, in one form only. Rules: PUB-6, PUB-9, REQ-8. */
const StoredEventSchema = z.discriminatedUnion('type', [
  z.discriminatedUnion('contentType', [TextContentEventSchema, FileContentEventSchema]),
  ChatStateEventSchema,
  StoredReceiptSchema,
  StoredCardSchema,
]) satisfies z.ZodType<PublishedEvent>

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

/** Fields that views and snapshots of a conversation share. */
export const conversationFields = {
  skillId: z.string(),
  /** `value` is in seconds. */
  ttr: z.object({ ttrType: z.string(), value: z.number() }),
  /** Number of transcript entries that were evicted, the oldest first. */
  dropped: z.int().min(0),
}

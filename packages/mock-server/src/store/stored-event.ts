import {
  AcceptStatusSchema,
  ChatStateEventSchema,
  FileContentEventSchema,
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

/** An event as a transcript keeps it: what parsing gave, in one form only. Rules: PUB-6, PUB-9, REQ-8. */
export const StoredEventSchema = z.discriminatedUnion('type', [
  z.discriminatedUnion('contentType', [TextContentEventSchema, FileContentEventSchema]),
  ChatStateEventSchema,
  StoredReceiptSchema,
  StoredCardSchema,
]) satisfies z.ZodType<PublishedEvent>

import * as fc from 'fast-check'
import type { z } from 'zod'
import {
  ConsumerRequestConversationRequestSchema,
  ConversationBatchSchema,
  FirstMessageRequestSchema,
  RichContentEventSchema,
  SetUserProfileRequestSchema,
} from '../index.ts'
import {
  FileSizeSchema,
  FileTypeSchema,
  fileLimits,
  PreviewSchema,
} from '../primitives/file-limits.ts'

type Schema = z.core.$ZodType

interface Derivation {
  /** Derives values from the schema's definition alone. */
  readonly derive: () => fc.Arbitrary<unknown>
  readonly arbitraryOf: (schema: Schema) => fc.Arbitrary<unknown>
}

type SpecialCase = (derivation: Derivation) => fc.Arbitrary<unknown>

/** The element as `content` or as `message`, never both. Rule: PUB-9. */
const richContentEvents: SpecialCase = ({ derive }) => {
  const element = fc.record({ type: fc.string() }, { noNullPrototype: true })
  return fc
    .tuple(derive(), fc.constantFrom('content', 'message'), element)
    .map(([derived, kept, fallback]) => {
      const { content, message, ...event } = derived as Record<string, unknown>
      return { ...event, [kept]: content ?? message ?? fallback }
    })
}

const indexes = [0, 1, 2]

/** A profile, a conversation and perhaps a first message, in any order. Rules: CON-2, CON-2a. */
const conversationBatches: SpecialCase = ({ arbitraryOf }) =>
  fc
    .tuple(
      arbitraryOf(SetUserProfileRequestSchema),
      arbitraryOf(ConsumerRequestConversationRequestSchema),
      fc.option(arbitraryOf(FirstMessageRequestSchema), { nil: undefined }),
      fc.shuffledSubarray(indexes, { minLength: indexes.length }),
    )
    .map(([profile, conversation, message, order]) => {
      const items = [profile, conversation, message]
      return order.map(index => items[index]).filter(item => item !== undefined)
    })

/** The default file types in any letter case, and sometimes another text. Rule: PUB-4. */
const fileTypes: SpecialCase = ({ derive }) =>
  fc.oneof(
    { arbitrary: fc.mixedCase(fc.constantFrom(...fileLimits.fileTypes)), weight: 8 },
    { arbitrary: derive(), weight: 1 },
  )

const { fileBytes, previewCharacters } = fileLimits

/** Sizes at the default limit too. Rule: PUB-5. */
const fileSizes: SpecialCase = ({ derive }) => {
  const atLimit = fc.integer({ min: fileBytes - 1, max: fileBytes + 1 })
  const asText = atLimit.map(size => `00${size}`.slice(size % 3))
  return fc.oneof({ arbitrary: derive(), weight: 8 }, atLimit, asText)
}

/** Data URLs of any length, at the default limit too. Rule: PUB-5. */
const previews: SpecialCase = ({ derive }) =>
  fc.oneof(
    { arbitrary: derive(), weight: 16 },
    fc.constantFrom(-1, 0).map(more => '😃'.repeat(previewCharacters + more)),
  )

/** Schemas with a constraint across fields, which is in a transform or a refinement and not in the definition, and those with a limit. */
export const specialCases: ReadonlyMap<Schema, SpecialCase> = new Map<Schema, SpecialCase>([
  [FileTypeSchema, fileTypes],
  [FileSizeSchema, fileSizes],
  [PreviewSchema, previews],
  [RichContentEventSchema, richContentEvents],
  [ConversationBatchSchema, conversationBatches],
])

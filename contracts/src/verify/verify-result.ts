import { z } from 'zod'

const VerdictSchema = z.enum(['passed', 'failed', 'leftOut'])

/** One step of a trace, or the one call of an interaction. */
const VerifiedStepSchema = z.object({
  title: z.string(),
  rules: z.array(z.string()),
  /** `notReached`: an earlier step failed, or the connection did. */
  verdict: z.enum([...VerdictSchema.options, 'notReached']),
})
export type VerifiedStep = z.output<typeof VerifiedStepSchema>

/** The result of one trace, or of one interaction of a pact. */
const VerifiedItemSchema = z.object({
  kind: z.enum(['trace', 'pact']),
  /** The name of the trace, or consumer, provider and description of the interaction. */
  name: z.string(),
  verdict: VerdictSchema,
  durationMs: z.number(),
  steps: z.array(VerifiedStepSchema),
  /** It failed, and its pact is pending: the provider has never honoured it. */
  pending: z.literal(true).exactOptional(),
  /** The reason to skip it, or some of its steps. */
  reason: z.string().exactOptional(),
  failure: z
    .object({ title: z.string(), rules: z.array(z.string()), problems: z.array(z.string()) })
    .exactOptional(),
})
export type VerifiedItem = z.output<typeof VerifiedItemSchema>

/** The stored form of a verification; it has no token and no secret. */
export const VerificationResultSchema = z.object({
  format: z.literal('sendbox-verification'),
  version: z.literal(1),
  /** `mock`, or the origin of the Domain API. */
  target: z.string(),
  /** Absent for the mock. */
  accountId: z.string().exactOptional(),
  /** The contracts are others than those of Sendbox, so they show nothing about its rules. */
  given: z.literal(true).exactOptional(),
  /** ISO 8601. */
  startedAt: z.string(),
  finishedAt: z.string(),
  items: z.array(VerifiedItemSchema),
  /** Ids of conversations that could not be closed. */
  leftOpen: z.array(z.string()),
})
export type VerificationResult = z.output<typeof VerificationResultSchema>

/** The number of items with a verdict. */
export const countVerdict = (
  { items }: VerificationResult,
  verdict: VerifiedItem['verdict'],
): number => items.filter(item => item.verdict === verdict).length

/** The reason of items that are skipped after an interruption. */
export const interruption = 'the run was interrupted'

/** Whether a run was interrupted. */
export const isInterrupted = ({ items }: VerificationResult): boolean =>
  items.some(({ reason }) => reason === interruption)

/** Whether an item was verified: it passed or failed, though its pact may be pending. */
export const isVerified = ({ verdict, pending }: VerifiedItem): boolean =>
  verdict !== 'leftOut' || pending === true

/** Whether at least one item was verified, none failed and no conversation was left open; a run that skips every item shows nothing. */
export const isGood = (result: VerificationResult): boolean =>
  result.items.some(isVerified) &&
  countVerdict(result, 'failed') === 0 &&
  result.leftOpen.length === 0

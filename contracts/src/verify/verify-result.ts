import { z } from 'zod'

const VerdictSchema = z.enum(['passed', 'failed', 'leftOut'])

/** One step of a trace, or the one call of an interaction. */
const VerifiedStepSchema = z.object({
  title: z.string(),
  rules: z.array(z.string()),
  /** `notReached` comes after a step that failed, and where the connection did. */
  verdict: z.enum([...VerdictSchema.options, 'notReached']),
})
export type VerifiedStep = z.output<typeof VerifiedStepSchema>

/** What came of one trace, or of one interaction of a pact. */
const VerifiedItemSchema = z.object({
  kind: z.enum(['trace', 'pact']),
  /** The name of the trace, or consumer, provider and description of the interaction. */
  name: z.string(),
  verdict: VerdictSchema,
  durationMs: z.number(),
  steps: z.array(VerifiedStepSchema),
  /** Why it was left out, or why some of its steps were. */
  reason: z.string().exactOptional(),
  failure: z
    .object({ title: z.string(), rules: z.array(z.string()), problems: z.array(z.string()) })
    .exactOptional(),
})
export type VerifiedItem = z.output<typeof VerifiedItemSchema>

/** A verification as it is stored; it holds no token and no secret. */
export const VerifyResultSchema = z.object({
  format: z.literal('sendbox-verification'),
  version: z.literal(1),
  /** `mock`, or the origin of the Domain API. */
  target: z.string(),
  /** Absent for the mock. */
  accountId: z.string().exactOptional(),
  /** Where the contracts were others than those that Sendbox has: what they expect tells nothing of its rules. */
  given: z.literal(true).exactOptional(),
  /** ISO 8601. */
  startedAt: z.string(),
  finishedAt: z.string(),
  items: z.array(VerifiedItemSchema),
  /** Conversations of the run that could not be closed. */
  leftOpen: z.array(z.string()),
})
export type VerificationResult = z.output<typeof VerifyResultSchema>

/** How many items came to a verdict. */
export const countVerdict = (
  { items }: VerificationResult,
  verdict: VerifiedItem['verdict'],
): number => items.filter(item => item.verdict === verdict).length

/** Why the items are left out that come after an interruption. */
export const interruption = 'the run was interrupted'

/** Claims that a run did not come to its end. */
export const isInterrupted = ({ items }: VerificationResult): boolean =>
  items.some(({ reason }) => reason === interruption)

/** Claims that something passed, nothing failed and nothing was left open: a run that leaves all out shows nothing. */
export const isGood = (result: VerificationResult): boolean =>
  countVerdict(result, 'passed') > 0 &&
  countVerdict(result, 'failed') === 0 &&
  result.leftOpen.length === 0

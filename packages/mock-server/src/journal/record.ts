import type { OperationId, Problem, RuleId } from '@sendbox/schema'

/** How a call ended on the wire; all but `whole` are the work of a fault. */
export const wireOutcomes = ['whole', 'hang', 'reset', 'truncated', 'malformed', 'lost'] as const
export type WireOutcome = (typeof wireOutcomes)[number]

/** Raw record of one call; decoded and redacted on read. Strings instead of objects keep the heap small. */
export interface JournalRecord {
  /** Is given by the journal: 1 for the first record of an account. */
  id: number
  /** By the account's clock, in ms since the epoch. */
  readonly time: number
  /** Absent where the request is none of an operation. */
  readonly operation: OperationId | undefined
  readonly method: string
  readonly url: string
  /** Names and values in turn, a line each; the values of those that authorise are empty. */
  readonly headers: string
  /** The JSON that came, as text. */
  readonly json: string | undefined
  /** The id of a single request. Rule: REQ-2. */
  readonly reqId: string | undefined
  /** How many bytes came; absent where they were not read. */
  readonly bodyBytes: number | undefined
  /** The beginning of a body that should have been text, and is no JSON. */
  readonly text: string | undefined
  readonly consumerId: string | undefined
  readonly extConsumerId: string | undefined
  readonly conversationId: string | undefined
  readonly types: readonly string[]
  readonly events: readonly string[]
  readonly status: number | undefined
  readonly answerHeaders: Readonly<Record<string, string>> | undefined
  /** The JSON of the answer, as text. */
  readonly answerJson: string | undefined
  /** The size of an answer that is not JSON. */
  readonly answerBytes: number | undefined
  readonly rules: readonly RuleId[]
  readonly diagnostics: readonly Problem[]
  readonly problems: readonly Problem[]
  readonly delivery: WireOutcome
  readonly faultId: string | undefined
  /** Absent where the request is none of an operation. */
  readonly durationMs: number | undefined
  /** What the record holds on to, roughly, in bytes. */
  readonly sizeBytes: number
}

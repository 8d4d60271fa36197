import type { OperationId, Problem, RuleId } from '@sendbox/schema'

/** The header by which a caller gives its name to the journal. */
export const callerHeader = 'x-sendbox-by'

/** How a call ended on the wire; all but `whole` are the work of a fault. */
export const wireOutcomes = ['whole', 'hang', 'reset', 'truncated', 'malformed', 'lost'] as const
export type WireOutcome = (typeof wireOutcomes)[number]

/** Raw record of one call; decoded and redacted on read. Strings instead of objects keep the heap small. */
export interface JournalRecord {
  /** Set by the journal; 1 for the first record of an account. */
  id: number
  /** Time of receipt by the account's clock, in ms since the epoch. */
  readonly time: number
  /** Absent if no operation has the method and path. */
  readonly operation: OperationId | undefined
  readonly method: string
  readonly url: string
  /** Alternating names and values, one a line; the values of authorizing headers are empty. */
  readonly headers: string
  /** Who made the call, by its header `x-sendbox-by`. */
  readonly by: string | undefined
  /** The JSON text of the request. */
  readonly json: string | undefined
  /** The id of a single request. Rule: REQ-2. */
  readonly reqId: string | undefined
  /** Size of the body; absent if it was not read. */
  readonly bodyBytes: number | undefined
  /** The beginning of a body that should have been text, and is not JSON. */
  readonly text: string | undefined
  readonly consumerId: string | undefined
  readonly extConsumerId: string | undefined
  readonly conversationId: string | undefined
  readonly types: readonly string[]
  readonly events: readonly string[]
  readonly status: number | undefined
  readonly answerHeaders: Readonly<Record<string, string>> | undefined
  /** The JSON text of the response. */
  readonly answerJson: string | undefined
  /** The size of a response that is not JSON. */
  readonly answerBytes: number | undefined
  readonly rules: readonly RuleId[]
  readonly diagnostics: readonly Problem[]
  readonly problems: readonly Problem[]
  /** Why the call was refused, in one sentence without secrets. Rule: RES-9a. */
  readonly hint: string | undefined
  readonly delivery: WireOutcome
  readonly faultId: string | undefined
  /** Absent if no operation has the method and path. */
  readonly durationMs: number | undefined
  /** Approximate heap size of the record, in bytes. */
  readonly sizeBytes: number
}

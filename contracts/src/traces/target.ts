import type { RuleId } from '@sendbox/schema'
import type { CallStep, Need } from './trace.ts'

/** A call whose variables are filled in. */
export interface FilledCall extends Omit<CallStep, 'params' | 'path' | 'query' | 'body'> {
  readonly params: Readonly<Record<string, string>>
  readonly path: string | undefined
  readonly query: Readonly<Record<string, string | null>>
  readonly body: unknown
}

/** An answer that a target allows. */
export interface TargetAnswer {
  readonly status: number
  readonly body: unknown
  readonly text?: string
  /** What decided it, where the target knows. */
  readonly rules?: readonly RuleId[]
}

/** What a target may answer: one thing over the network; the model may leave it open. */
export interface AllowedAnswer {
  readonly answer: TargetAnswer
  /** Claims that any refusal will do, as nothing public says which. */
  readonly isAnyRefusal?: boolean
  /** Goes on from this answer. */
  readonly take: () => void
}

/** Whatever a trace is replayed against. */
export interface TraceTarget {
  /** What it offers beside the API. */
  readonly offers: readonly Need[]
  readonly variables: Readonly<Record<string, string>>
  call(call: FilledCall): Promise<readonly AllowedAnswer[]>
  /** Lets the agent act; answers what came of it. */
  act(conversationId: string, action: unknown): Promise<TargetAnswer>
  show(conversationId: string): Promise<unknown>
  /** The next notification of a conversation. */
  nextNotification(conversationId: string): Promise<unknown>
}

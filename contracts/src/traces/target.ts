import type { RuleId } from '@sendbox/schema'
import type { PatternMismatch } from './match-pattern.ts'
import type { CallStep, Need, NotifiedStep } from './trace.ts'

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

/** How a notification is taken. */
export type NotificationWish = Pick<NotifiedStep, 'status' | 'afterMs'>

/** A notification that came. */
export interface TargetNotification {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What is wrong with it whatever the trace expects: its signature, or how its JSON is written. */
  readonly faults: readonly PatternMismatch[]
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
  nextNotification(conversationId: string, wish: NotificationWish): Promise<TargetNotification>
}

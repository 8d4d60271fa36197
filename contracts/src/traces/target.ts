import type { RuleId } from '@sendbox/schema'
import type { PatternMismatch } from './match-pattern.ts'
import type { CallStep, Capability, NotifiedStep } from './trace.ts'

/** A call whose variables are replaced by their values. */
export interface FilledCall extends Omit<CallStep, 'params' | 'path' | 'query' | 'body'> {
  readonly params: Readonly<Record<string, string>>
  readonly path: string | undefined
  readonly query: Readonly<Record<string, string | null>>
  readonly body: unknown
}

/** A response that a target allows. */
export interface TargetResponse {
  readonly status: number
  readonly body: unknown
  readonly text?: string
  /** The rules that decided it; absent if the target does not know them. */
  readonly rules?: readonly RuleId[]
}

/** One possible response: a service has exactly one, the model may allow several. */
export interface AllowedResponse {
  readonly response: TargetResponse
  /** Whether any refusal is allowed, because no public source says which one. */
  readonly isAnyRefusal?: boolean
  /** Continues from this response: applies its changes to the target. */
  readonly commit: () => void
}

/** How a notification is received. */
export type NotificationOptions = Pick<NotifiedStep, 'status' | 'afterMs'>

/** A received notification. */
export interface TargetNotification {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Problems that do not depend on the trace: a wrong signature, or JSON of another form. */
  readonly problems: readonly PatternMismatch[]
}

/** The mock, a service or the model, as a trace is replayed against it. */
export interface TraceTarget {
  /** Capabilities beyond the API. */
  readonly capabilities: readonly Capability[]
  readonly variables: Readonly<Record<string, string>>
  call(call: FilledCall): Promise<readonly AllowedResponse[]>
  /** Performs an action of the agent. */
  act(conversationId: string, action: unknown): Promise<TargetResponse>
  /** The conversation as the control API has it. */
  show(conversationId: string): Promise<unknown>
  /** The next notification of a conversation. */
  nextNotification(
    conversationId: string,
    options: NotificationOptions,
  ): Promise<TargetNotification>
}

/** The same target with another `call`. */
export const withCall = (target: TraceTarget, call: TraceTarget['call']): TraceTarget => ({
  capabilities: target.capabilities,
  variables: target.variables,
  call,
  act: (conversationId, action) => target.act(conversationId, action),
  show: conversationId => target.show(conversationId),
  nextNotification: (conversationId, options) => target.nextNotification(conversationId, options),
})

import { type OperationId, operations, type RuleId, rules } from '@sendbox/schema'
import type { DeclaredInteraction } from '../../src/pact/interactions.ts'
import type { PactFile } from '../../src/pact/pact-file.ts'
import type { Trace } from '../../src/traces/trace.ts'
import { findOperation } from '../../src/verify/pact-interactions.ts'

/** What a contract is made of, and what it leaves out. */
export interface Coverage {
  readonly interactions: readonly DeclaredInteraction[]
  readonly traces: readonly Trace[]
  /** Why a rule is left out, by its id. */
  readonly exceptions: Readonly<Partial<Record<RuleId, string>>>
}

/** Every rule has an interaction or a trace, or a reason why it has none; no reason outlives its rule. */
export function checkRules({ interactions, traces, exceptions }: Coverage): string[] {
  const shown = new Set<string>([
    ...interactions.flatMap(interaction => interaction.rules),
    ...traces.flatMap(({ steps }) => steps.flatMap(step => step.rules)),
  ])
  const known = rules.map(({ id }) => id)
  const excepted = Object.entries(exceptions)
  return [
    ...known
      .filter(id => !shown.has(id) && exceptions[id] === undefined)
      .map(id => `Rule ${id} has neither an interaction nor a trace, nor a reason for that`),
    ...excepted
      .filter(([id]) => !known.includes(id as RuleId))
      .map(([id]) => `Rule ${id} is excepted, but there is none`),
    ...excepted
      .filter(([id]) => shown.has(id))
      .map(([id]) => `Rule ${id} is excepted, but has an interaction or a trace`),
    ...excepted
      .filter(([, reason]) => reason === '')
      .map(([id]) => `Rule ${id} is excepted without a reason`),
  ]
}

/** Every operation has an interaction or a trace. */
export function checkOperations(pact: PactFile, traces: readonly Trace[]): string[] {
  const called = new Set<OperationId | undefined>([
    ...pact.interactions.map(interaction =>
      interaction.type === 'Synchronous/HTTP'
        ? findOperation(interaction.request.method, interaction.request.path)
        : undefined,
    ),
    ...traces.flatMap(({ steps }) =>
      steps.map(step => (step.do === 'call' ? step.operation : undefined)),
    ),
  ])
  const ids = Object.keys(operations) as OperationId[]
  return ids
    .filter(id => !called.has(id))
    .map(id => `Operation ${id} has neither an interaction nor a trace`)
}

import type { Trace, TraceStep } from '../traces/trace.ts'
import { type Need, needsOf } from '../traces/trace.ts'

/** A trace as it runs against a service that has no control API. */
export type TracePlan =
  | {
      readonly runs: true
      readonly trace: Trace
      /** For each step that runs its index in the whole trace. */
      readonly stepIndexes: readonly number[]
    }
  | { readonly runs: false; readonly reason: string }

const reasons: Readonly<Record<Need, string>> = {
  wire: 'it needs a service that is called over the network',
  agent: "it needs an agent's hand",
  control: 'later steps need what only the control API of the mock shows',
  webhooks: 'it needs the webhooks of the account',
  settings: 'it needs settings of the account',
  foreignTokens: 'it needs tokens of another account',
}

/** Words why a trace was left out. */
function explainLeftOut(lacks: readonly Need[], { settings }: Pick<Trace, 'settings'>): string {
  const wanted = Object.entries(settings).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  )
  return lacks
    .map(need => (need === 'settings' ? `${reasons[need]} (${wanted.join(', ')})` : reasons[need]))
    .join('; ')
}

/** The names of the variables in a pattern. */
function variablesIn(pattern: unknown): string[] {
  if (typeof pattern !== 'object' || pattern === null) return []
  const name = (pattern as { readonly $?: unknown }).$
  return typeof name === 'string' ? [name] : Object.values(pattern).flatMap(variablesIn)
}

const variablesUsedIn = (step: TraceStep): string[] =>
  step.do === 'call'
    ? variablesIn([step.params, step.path, step.query, step.body])
    : variablesIn(step.conversation)

const patternOf = (step: TraceStep): unknown => {
  switch (step.do) {
    case 'call':
      return step.answer.body
    case 'agent':
      return step.answer
    case 'show':
      return step.view
    case 'notified':
      return step.body
  }
}

function isEveryVariableBound(steps: readonly TraceStep[], known: readonly string[]): boolean {
  const bound = new Set(known)
  return steps.every(step => {
    const isBound = variablesUsedIn(step).every(name => bound.has(name))
    for (const name of variablesIn(patternOf(step))) bound.add(name)
    return isBound
  })
}

/** Chooses what of a trace runs against a target: what the control API shows is left out where later steps can do without it. */
export function planTrace(
  trace: Trace,
  target: {
    readonly offers: readonly Need[]
    readonly variables: Readonly<Record<string, string>>
  },
): TracePlan {
  const lacks = needsOf(trace).filter(need => !target.offers.includes(need))
  const all = trace.steps.map((step, index) => ({ step, index }))
  const kept = lacks.includes('control') ? all.filter(({ step }) => step.do !== 'show') : all
  const steps = kept.map(({ step }) => step)
  const isEnough = isEveryVariableBound(steps, Object.keys(target.variables))
  const missing = lacks.filter(need => need !== 'control' || !isEnough)
  if (missing.length > 0) return { runs: false, reason: explainLeftOut(missing, trace) }
  return { runs: true, trace: { ...trace, steps }, stepIndexes: kept.map(({ index }) => index) }
}

import { isRecord } from '@sendbox/schema'
import type { TraceTarget } from '../traces/target.ts'
import { type Capability, requiredBy, type Trace, type TraceStep } from '../traces/trace.ts'

/** The steps of a trace that run against a target. */
export type TracePlan =
  | {
      readonly runs: true
      readonly trace: Trace
      /** The index of each step of `trace` in the original trace. */
      readonly stepIndexes: readonly number[]
    }
  | { readonly runs: false; readonly reason: string }

const reasons: Readonly<Record<Capability, string>> = {
  wire: 'it needs a service that is called over the network',
  agent: "it needs an agent's hand",
  control: 'later steps need what only the control API of the mock shows',
  webhooks: 'it needs the webhooks of the account',
  settings: 'it needs settings of the account',
  foreignTokens: 'it needs tokens of another account',
}

function describeMissing(missing: readonly Capability[], { settings }: Trace): string {
  const wanted = Object.entries(settings).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  )
  return missing
    .map(name => (name === 'settings' ? `${reasons[name]} (${wanted.join(', ')})` : reasons[name]))
    .join('; ')
}

/** The names of the variables in a pattern. */
function variablesIn(pattern: unknown): string[] {
  if (Array.isArray(pattern)) return pattern.flatMap(variablesIn)
  if (!isRecord(pattern)) return []
  const { $: name } = pattern
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

/** Selects the steps that run against a target; without a control API, `show` steps are skipped if no later step uses their variables. */
export function planTrace(
  trace: Trace,
  { capabilities, variables }: Pick<TraceTarget, 'capabilities' | 'variables'>,
): TracePlan {
  const missing = requiredBy(trace).filter(name => !capabilities.includes(name))
  const all = trace.steps.map((step, index) => ({ step, index }))
  const selected = missing.includes('control') ? all.filter(({ step }) => step.do !== 'show') : all
  const steps = selected.map(({ step }) => step)
  const isEnough = isEveryVariableBound(steps, Object.keys(variables))
  const decisive = missing.filter(name => name !== 'control' || !isEnough)
  if (decisive.length > 0) return { runs: false, reason: describeMissing(decisive, trace) }
  return {
    runs: true,
    trace: { ...trace, steps },
    stepIndexes: selected.map(({ index }) => index),
  }
}

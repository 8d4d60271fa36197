import { createSecrets } from '../secrets.ts'
import { describeFailure, replayTrace } from '../traces/replay-trace.ts'
import { type TraceTarget, withCall } from '../traces/target.ts'
import type { Trace } from '../traces/trace.ts'
import { planTrace } from './plan-trace.ts'
import type { UntimedItem } from './verify-interaction.ts'
import type { VerifiedStep } from './verify-result.ts'

const toSteps = (
  { steps }: Trace,
  verdictOf: (index: number) => VerifiedStep['verdict'],
): VerifiedStep[] =>
  steps.map(({ title, rules }, index) => ({ title, rules: [...rules], verdict: verdictOf(index) }))

const toReason = ({ steps }: Trace, stepIndexes: readonly number[]): string | undefined => {
  const skipped = steps.flatMap((_, index) => (stepIndexes.includes(index) ? [] : [index + 1]))
  if (skipped.length === 0) return undefined
  return `left out ${skipped.length === 1 ? 'step' : 'steps'} ${skipped.join(', ')}: only the control API of the mock shows it`
}

/** Replays a trace against a target, as far as its capabilities allow, with a verdict for each step. */
export async function verifyTrace(trace: Trace, target: TraceTarget): Promise<UntimedItem> {
  const item = { kind: 'trace' as const, name: trace.name }
  const plan = planTrace(trace, target)
  if (!plan.runs) {
    const steps = toSteps(trace, () => 'leftOut')
    return { ...item, verdict: 'leftOut', reason: plan.reason, steps }
  }
  const { stepIndexes } = plan
  const isSkipped = (index: number): boolean => !stepIndexes.includes(index)
  const reason = toReason(trace, stepIndexes)
  const secrets = createSecrets()
  secrets.add(target.variables['clientSecret'])
  const learning = withCall(target, async call => {
    const allowed = await target.call(call)
    for (const { response } of allowed) secrets.learn(response.body)
    return allowed
  })
  const result = await replayTrace(plan.trace, learning)
  const known = { ...item, ...(reason !== undefined && { reason }) }
  if (result.verdict !== 'failed') {
    const steps = toSteps(trace, index => (isSkipped(index) ? 'leftOut' : 'passed'))
    return { ...known, verdict: 'passed', steps }
  }
  const failedAt = stepIndexes[result.failure.step - 1] ?? 0
  const failure = { ...result.failure, step: failedAt + 1 }
  const [headline = '', ...problems] = describeFailure(failure).split('\n')
  return {
    ...known,
    verdict: 'failed',
    steps: toSteps(trace, index => {
      if (isSkipped(index)) return 'leftOut'
      if (index === failedAt) return failure.isConnectionFailure ? 'notReached' : 'failed'
      return index < failedAt ? 'passed' : 'notReached'
    }),
    failure: {
      title: headline,
      rules: [...failure.rules],
      problems: problems.map(problem => secrets.redact(problem.trim())),
    },
  }
}

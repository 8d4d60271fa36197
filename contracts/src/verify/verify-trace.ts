import { describeFailure, replayTrace } from '../traces/replay-trace.ts'
import type { TraceTarget } from '../traces/target.ts'
import type { Trace } from '../traces/trace.ts'
import { planTrace } from './plan-trace.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import type { VerifiedItem, VerifiedStep } from './verify-result.ts'

const toSteps = (
  { steps }: Trace,
  verdictOf: (index: number) => VerifiedStep['verdict'],
): VerifiedStep[] =>
  steps.map(({ title, rules }, index) => ({ title, rules: [...rules], verdict: verdictOf(index) }))

const toReason = (trace: Trace, stepIndexes: readonly number[]): string | undefined => {
  const left = trace.steps.flatMap((_, index) => (stepIndexes.includes(index) ? [] : [index + 1]))
  if (left.length === 0) return undefined
  return `left out ${left.length === 1 ? 'step' : 'steps'} ${left.join(', ')}: only the control API of the mock shows it`
}

/** Learns the tokens that pass. */
const learning = (target: TraceTarget, secrets: Secrets): TraceTarget => ({
  offers: target.offers,
  variables: target.variables,
  async call(call) {
    const allowed = await target.call(call)
    for (const { answer } of allowed) secrets.learn(answer.body)
    return allowed
  },
  act: (conversationId, action) => target.act(conversationId, action),
  show: conversationId => target.show(conversationId),
  nextNotification: (conversationId, wish) => target.nextNotification(conversationId, wish),
})

/** Replays a trace against a target, as far as the target allows; says what came of each step. */
export async function verifyTrace(
  trace: Trace,
  target: TraceTarget,
): Promise<Omit<VerifiedItem, 'durationMs'>> {
  const item = { kind: 'trace' as const, name: trace.name }
  const plan = planTrace(trace, target)
  if (!plan.runs) {
    const steps = toSteps(trace, () => 'leftOut')
    return { ...item, verdict: 'leftOut', reason: plan.reason, steps }
  }
  const { stepIndexes } = plan
  const isLeftOut = (index: number): boolean => !stepIndexes.includes(index)
  const reason = toReason(trace, stepIndexes)
  const secrets = createSecrets()
  secrets.add(target.variables['clientSecret'])
  const result = await replayTrace(plan.trace, learning(target, secrets))
  const known = { ...item, ...(reason !== undefined && { reason }) }
  if (result.verdict !== 'failed') {
    const steps = toSteps(trace, index => (isLeftOut(index) ? 'leftOut' : 'passed'))
    return { ...known, verdict: 'passed', steps }
  }
  const failedAt = stepIndexes[result.failure.step - 1] ?? 0
  const failure = { ...result.failure, step: failedAt + 1 }
  const [headline = '', ...problems] = describeFailure(failure).split('\n')
  return {
    ...known,
    verdict: 'failed',
    steps: toSteps(trace, index => {
      if (isLeftOut(index)) return 'leftOut'
      if (index === failedAt) return failure.isUnreached ? 'notReached' : 'failed'
      return index < failedAt ? 'passed' : 'notReached'
    }),
    failure: {
      title: headline,
      rules: [...failure.rules],
      problems: problems.map(problem => secrets.redact(problem.trim())),
    },
  }
}

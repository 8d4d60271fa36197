import { type Evidence, evidenceLevels, type Rule, rules } from '@sendbox/schema'
import type { VerificationResult, VerifiedItem } from '../verify/verify-result.ts'

/** The evidence of a run for a rule. */
export interface RunEvidence {
  /** ISO 8601. */
  readonly at: string
  /** `mock`, or the origin of the Domain API. */
  readonly target: string
  /** `notShown`: no trace and no interaction of the run reached it. */
  readonly verdict: 'passed' | 'failed' | 'notShown'
  /** The traces and interactions with steps that show the rule, and the worst verdict of these. */
  readonly shownBy: readonly {
    readonly name: string
    readonly verdict: VerifiedItem['steps'][number]['verdict']
    /** Differences between expected and received values. */
    readonly problems?: readonly string[]
  }[]
}

/** The runs that a report compares with the docs. */
export interface DriftRuns {
  /** A run against the mock. */
  readonly mock?: VerificationResult | undefined
  /** Live runs, oldest first. */
  readonly live: readonly VerificationResult[]
}

/** One rule: the docs, a run against the mock, and the last live run. */
export interface DriftRow {
  readonly id: string
  readonly evidence: Evidence
  readonly docs: Pick<Rule, 'text' | 'sources' | 'contradiction'>
  readonly mock: RunEvidence | 'never'
  /** The last live run that reached the rule, or else the last one; `never` without a live run. */
  readonly live: RunEvidence | 'never'
}

/** All rules, by their evidence. */
export interface DriftReport {
  readonly format: 'sendbox-drift'
  readonly version: 1
  readonly groups: readonly { readonly evidence: Evidence; readonly rows: readonly DriftRow[] }[]
}

const worstFirst = ['failed', 'passed', 'notReached', 'leftOut'] as const

/** The worst verdict of an item's steps that name a rule. */
function shownByItem(item: VerifiedItem, id: string): RunEvidence['shownBy'] {
  const verdicts = item.steps.filter(step => step.rules.includes(id)).map(step => step.verdict)
  const verdict = worstFirst.find(one => verdicts.includes(one))
  if (verdict === undefined) return []
  const problems = verdict === 'failed' ? item.failure?.problems : undefined
  return [{ name: `${item.kind} ${item.name}`, verdict, ...(problems && { problems }) }]
}

function toRunEvidence({ startedAt, target, items }: VerificationResult, id: string): RunEvidence {
  const shownBy = items.flatMap(item => shownByItem(item, id))
  const verdict =
    (['failed', 'passed'] as const).find(one => shownBy.some(shown => shown.verdict === one)) ??
    'notShown'
  return { at: startedAt, target, verdict, shownBy }
}

function toLiveEvidence(live: DriftRuns['live'], id: string): DriftRow['live'] {
  const runs = live.map(result => toRunEvidence(result, id))
  return runs.findLast(({ verdict }) => verdict !== 'notShown') ?? runs.at(-1) ?? 'never'
}

function toRow(rule: Rule, { mock, live }: DriftRuns): DriftRow {
  const { id, evidence, text, sources, contradiction } = rule
  return {
    id,
    evidence,
    docs: { text, sources, ...(contradiction && { contradiction }) },
    mock: mock === undefined ? 'never' : toRunEvidence(mock, id),
    live: toLiveEvidence(live, id),
  }
}

/** Compares docs, mock and live runs, one row for each rule. External contracts are ignored: a wrong pact says nothing about the service. */
export function toDriftReport({ mock, live }: DriftRuns): DriftReport {
  const own = { mock, live: live.filter(({ given }) => !given) }
  const rows = rules.map(rule => toRow(rule, own))
  const groups = evidenceLevels.map(evidence => ({
    evidence,
    rows: rows.filter(row => row.evidence === evidence),
  }))
  return { format: 'sendbox-drift', version: 1, groups }
}

import type { z } from 'zod'
import { type RuleId, ruleById } from '../rules/index.ts'
import type { Evidence } from '../rules/rule.ts'
import { createMismatch, type Mismatch, toFoundMismatches } from './explain-mismatch.ts'
import { ruleAt } from './schema-walk.ts'

/** One thing that is wrong with a payload, or that deserves a look. */
export interface Problem extends Mismatch {
  readonly rule: RuleId
  readonly evidence: Evidence
}

/** A remark on a payload that is taken all the same. */
export type Diagnostic = Problem

const withRule = (mismatch: Mismatch, rule: RuleId): Problem => ({
  ...mismatch,
  rule,
  evidence: ruleById.get(rule)?.evidence ?? 'assumed',
})

export const createProblem = ({
  rule,
  ...options
}: Parameters<typeof createMismatch>[0] & { readonly rule: RuleId }): Problem =>
  withRule(createMismatch(options), rule)

/** The rule that a check of our own names for itself. */
const ruleOf = (issue: z.core.$ZodIssue): RuleId | undefined =>
  issue.code === 'custom' ? (issue.params?.['rule'] as RuleId | undefined) : undefined

/** All that is wrong, each with zod's own issue. */
export const toFoundProblems = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): { issue: z.core.$ZodIssue; problem: Problem }[] =>
  toFoundMismatches(schema, value, error).map(({ issue, place, mismatch }) => ({
    issue,
    problem: withRule(mismatch, ruleOf(issue) ?? ruleAt(place)?.rule ?? 'REQ-1'),
  }))

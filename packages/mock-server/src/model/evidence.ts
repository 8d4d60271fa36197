import { type Evidence, evidenceLevels, type RuleId, ruleById } from '@sendbox/schema'

/** The levels in order, strongest first; `own` is outside of it. */
const orderedEvidence = evidenceLevels.filter(level => level !== 'own')
export type OrderedEvidence = Exclude<Evidence, 'own'>

const evidenceOf = (rule: RuleId): Evidence => ruleById.get(rule)?.evidence ?? 'assumed'

/** The rules of the service, without those of Sendbox's own features. Rule: RES-9. */
export const rulesOfService = (rules: readonly RuleId[]): RuleId[] => [
  ...new Set(rules.filter(rule => evidenceOf(rule) !== 'own')),
]

/** The weakest evidence among rules; `documented` where there are none. Rule: RES-9. */
export const weakestEvidence = (rules: readonly RuleId[]): OrderedEvidence =>
  orderedEvidence.findLast(level => rules.some(rule => evidenceOf(rule) === level)) ?? 'documented'

/** True if every rule has at least this evidence level; the lowest level accepts all. */
export const isKnown = (rules: readonly RuleId[], level: OrderedEvidence): boolean =>
  level === orderedEvidence.at(-1) ||
  orderedEvidence.indexOf(weakestEvidence(rulesOfService(rules))) <= orderedEvidence.indexOf(level)

/** Headers by list of rules: most responses are decided by a few lists. Dropped when full. */
const cache = new Map<string, Readonly<Record<string, string>>>()
const maxCached = 1000

/** The headers that name the rules of a response and their weakest evidence; none where no rule is one of the service. Rule: RES-9. */
export function toEvidenceHeaders(rules: readonly RuleId[]): Readonly<Record<string, string>> {
  const key = rules.join()
  const cached = cache.get(key)
  if (cached) return cached
  const named = rulesOfService(rules)
  const headers =
    named.length === 0
      ? {}
      : { 'x-sendbox-rules': named.join(', '), 'x-sendbox-evidence': weakestEvidence(named) }
  if (cache.size === maxCached) cache.clear()
  cache.set(key, headers)
  return headers
}

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

/** A list of rules, and the headers that name those of the service; `undefined` where there are none. */
interface NamedRules {
  readonly rules: readonly RuleId[]
  readonly headers: Readonly<Record<string, string>> | undefined
}

/** Most responses are decided by a few lists of rules. Cleared when full. */
const cache = new Map<string, NamedRules>()
const maxCached = 1000

/** Names rules in headers, with their weakest evidence; equal lists return the same object. Rule: RES-9. */
export function nameRules(rules: readonly RuleId[]): NamedRules {
  const key = rules.join()
  const cached = cache.get(key)
  if (cached) return cached
  const named = rulesOfService(rules)
  const headers =
    named.length === 0
      ? undefined
      : { 'x-sendbox-rules': named.join(', '), 'x-sendbox-evidence': weakestEvidence(named) }
  if (cache.size === maxCached) cache.clear()
  cache.set(key, { rules, headers })
  return { rules, headers }
}

import { type Evidence, evidenceLevels, type RuleId, ruleById } from '@sendbox/schema'

/** The levels that stand in an order, strongest first; `own` is outside of it. */
const orderedEvidence = evidenceLevels.filter(level => level !== 'own')
export type OrderedEvidence = Exclude<Evidence, 'own'>

const evidenceOf = (rule: RuleId): Evidence => ruleById.get(rule)?.evidence ?? 'assumed'

/** The rules that say something about the service; Sendbox's own features say nothing. Rule: RES-9. */
export const rulesOfService = (rules: readonly RuleId[]): RuleId[] => [
  ...new Set(rules.filter(rule => evidenceOf(rule) !== 'own')),
]

/** The weakest evidence among rules; `documented` where there are none. Rule: RES-9. */
export const weakestEvidence = (rules: readonly RuleId[]): OrderedEvidence =>
  orderedEvidence.findLast(level => rules.some(rule => evidenceOf(rule) === level)) ?? 'documented'

/** Claims that rules are known no worse than at a level; at the lowest one, all are. */
export const isKnown = (rules: readonly RuleId[], level: OrderedEvidence): boolean =>
  level === orderedEvidence.at(-1) ||
  orderedEvidence.indexOf(weakestEvidence(rulesOfService(rules))) <= orderedEvidence.indexOf(level)

/** The headers that name the rules of an answer and how well they are known. Rule: RES-9. */
type EvidenceHeaders = Readonly<Record<string, string>>

/** A list of rules, and the headers that name those of the service; there are none where no rule is. */
interface NamedRules {
  /** The same list each time, so that whoever keeps it keeps one. */
  readonly rules: readonly RuleId[]
  readonly headers: EvidenceHeaders | undefined
}

/** Most answers are decided by the same few lists of rules; the others make room. */
const maxCached = 1000
const remembered = new Map<string, NamedRules>()

function toHeaders(rules: readonly RuleId[]): EvidenceHeaders | undefined {
  const named = rulesOfService(rules)
  return named.length === 0
    ? undefined
    : { 'x-sendbox-rules': named.join(', '), 'x-sendbox-evidence': weakestEvidence(named) }
}

/** Names rules in headers. Rule: RES-9. */
export function nameRules(rules: readonly RuleId[]): NamedRules {
  const key = rules.join()
  const known = remembered.get(key)
  if (known) return known
  if (remembered.size === maxCached) remembered.clear()
  const named = { rules, headers: toHeaders(rules) }
  remembered.set(key, named)
  return named
}

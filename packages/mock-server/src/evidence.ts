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

/** Claims that rules are known no worse than at a level. */
export const isKnown = (rules: readonly RuleId[], level: OrderedEvidence): boolean =>
  orderedEvidence.indexOf(weakestEvidence(rulesOfService(rules))) <= orderedEvidence.indexOf(level)

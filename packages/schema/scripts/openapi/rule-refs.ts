import { type Rule, type RuleId, ruleById } from '../../src/rules/index.ts'
import type { Evidence } from '../../src/rules/rule.ts'

const findRule = (id: RuleId): Rule => {
  const rule = ruleById.get(id)
  if (!rule) throw new TypeError(`No rule has the id ${id}`)
  return rule
}

/** The value of `x-sendbox-rules`: the rules of a part of the document, each with its evidence. */
export const toRuleRefs = (ids: readonly RuleId[]): { id: RuleId; evidence: Evidence }[] =>
  ids.map(id => ({ id, evidence: findRule(id).evidence }))

/** The texts of rules, as a list in Markdown. */
export const toRuleList = (ids: readonly RuleId[]): string =>
  ids
    .map(findRule)
    .map(({ id, evidence, text }) => `- ${id} (${evidence}): ${text}`)
    .join('\n')

import { authorizationRules } from './authorization.ts'
import { conversationFieldRules } from './conversation-field.ts'
import { endpointRules } from './endpoints.ts'
import { profileAndConversationRules } from './profile-and-conversation.ts'
import { publishEventRules } from './publish-event.ts'
import { requestRules } from './requests.ts'
import { responseRules } from './responses.ts'
import type { Rule } from './rule.ts'
import { stateRules } from './state.ts'
import { webhookRules } from './webhooks.ts'

export type { ContradictionSide, Rule } from './rule.ts'

/** Every rule of the protocol, in the order of the protocol. */
export const rules = [
  ...endpointRules,
  ...authorizationRules,
  ...requestRules,
  ...publishEventRules,
  ...conversationFieldRules,
  ...profileAndConversationRules,
  ...responseRules,
  ...stateRules,
  ...webhookRules,
] as const satisfies readonly Rule[]

/** The id of a rule of {@link rules}. */
export type RuleId = (typeof rules)[number]['id']

/**
 * Each rule of {@link rules} by its id.
 *
 * @example
 * ```ts
 * import { ruleById } from '@sendbox/schema'
 *
 * console.log(ruleById.get('SEQ-1')?.evidence) // documented
 * ```
 */
export const ruleById: ReadonlyMap<RuleId, Rule> = new Map<RuleId, Rule>(
  rules.map(rule => [rule.id, rule]),
)

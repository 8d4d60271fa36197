import type { BotScriptInput } from '../accounts/bot-script.ts'

type RuleInput = BotScriptInput['rules'][number]

/** A rule of a bot's script; `when` may be a regular expression. */
export type BotRuleInput = Omit<RuleInput, 'when'> & { readonly when: RuleInput['when'] | RegExp }

/** Writes a bot's rules as JSON. */
export const toScript = (rules: readonly BotRuleInput[], agentId?: string): BotScriptInput => ({
  ...(agentId !== undefined && { agentId }),
  rules: rules.map(({ when, ...rule }) => ({
    ...rule,
    when: when instanceof RegExp ? { pattern: when.source, flags: when.flags } : when,
  })),
})

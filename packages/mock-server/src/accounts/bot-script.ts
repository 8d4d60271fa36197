import { boundedArray } from '@sendbox/schema'
import { z } from 'zod'
import { AgentActionSchema } from './agent-action.ts'

const isPattern = ({ pattern, flags }: { pattern: string; flags?: string }): boolean => {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

/** Matches a consumer's text: exactly, or by a regular expression. */
const TextMatchSchema = z.union([
  z.string(),
  z
    .strictObject({ pattern: z.string(), flags: z.string().exactOptional() })
    .refine(isPattern, 'a regular expression with its flags'),
])

/** Maximum delay of an answer: a day, in ms. */
const maxDelayMs = 86_400_000

/** One answer of a bot: it types, then says a text, sends a card, and performs further actions. */
const BotRuleSchema = z
  .strictObject({
    when: TextMatchSchema,
    /**
     * Delay after the consumer's text, in ms of the account's clock.
     * @default 800
     */
    afterMs: z.int().min(0).max(maxDelayMs).default(800),
    say: z.string().exactOptional(),
    /** The element of structured content. Rule: PUB-9. */
    card: z.looseObject({ type: z.string() }).exactOptional(),
    /** Any actions of an agent, in order; as the bot, unless an action names another agent. */
    actions: boundedArray(AgentActionSchema).min(1).exactOptional(),
  })
  .refine(
    ({ say, card, actions }) => (say ?? card ?? actions) !== undefined,
    'a say, a card or actions',
  )

/** A bot that answers the texts of all consumers of an account; the first rule that matches a text answers it. */
export const BotScriptSchema = z.strictObject({
  /** @default 'agent-1' */
  agentId: z.string().min(1).default('agent-1'),
  rules: boundedArray(BotRuleSchema),
})
export type BotScript = z.output<typeof BotScriptSchema>
/** A script as a user writes it; defaults may be omitted. */
export type BotScriptInput = z.input<typeof BotScriptSchema>
export type BotRule = BotScript['rules'][number]

const matches = ({ when }: BotRule, message: string): boolean =>
  typeof when === 'string' ? when === message : new RegExp(when.pattern, when.flags).test(message)

/** The first rule that matches a text. */
export const findRule = ({ rules }: BotScript, message: string): BotRule | undefined =>
  rules.find(rule => matches(rule, message))

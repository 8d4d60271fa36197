import { z } from 'zod'

const isPattern = ({ pattern, flags }: { pattern: string; flags?: string }): boolean => {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

/** What the consumer says: exactly this text, or one that a regular expression finds. */
const HeardSchema = z.union([
  z.string(),
  z
    .strictObject({ pattern: z.string(), flags: z.string().exactOptional() })
    .refine(isPattern, 'a regular expression with its flags'),
])

/** The longest time that a bot takes, in ms. */
const maxDelayMs = 86_400_000

const refuseSilence: z.core.CheckFn<{ say?: string; card?: unknown }> = ({ value, issues }) => {
  if (value.say !== undefined || value.card !== undefined) return
  issues.push({ code: 'custom', path: [], input: value, message: 'a say, a card or both' })
}

/** One thing that a bot answers: it types, then says a text, then sends a card. */
const BotRuleSchema = z
  .strictObject({
    when: HeardSchema,
    /**
     * How long after the consumer's text, in ms of the account's clock.
     * @default 800
     */
    afterMs: z.int().min(0).max(maxDelayMs).default(800),
    say: z.string().exactOptional(),
    /** The element of structured content. Rule: PUB-9. */
    card: z.looseObject({ type: z.string() }).exactOptional(),
  })
  .check(refuseSilence)

/** A bot that answers the texts of all consumers of an account by script; the first rule that hears a text answers it. */
export const BotScriptSchema = z.strictObject({
  /** @default 'agent-1' */
  agentId: z.string().min(1).default('agent-1'),
  rules: z.array(BotRuleSchema),
})
export type BotScript = z.output<typeof BotScriptSchema>
/** A script as a user writes it. */
export type BotScriptInput = z.input<typeof BotScriptSchema>
export type BotRule = BotScript['rules'][number]

const hears = ({ when }: BotRule, message: string): boolean =>
  typeof when === 'string' ? when === message : new RegExp(when.pattern, when.flags).test(message)

/** The rule that answers a text, if there is one. */
export const findRule = ({ rules }: BotScript, message: string): BotRule | undefined =>
  rules.find(rule => hears(rule, message))

import { type BotScript, BotScriptSchema } from '../accounts/bot-script.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'
import { type BotRuleInput, toScript } from './to-script.ts'

/** The bot of an account, which answers consumers by script. */
export interface Bot {
  /** The current script; `undefined` without a bot. */
  readonly current: BotScript | undefined
  /**
   * Replaces the script, from the next text on; throws a `TypeError` that lists all problems.
   * @default agentId 'agent-1'
   * @example
   * ```ts
   * account.bot.script([{ when: /hello/i, say: 'Hi! How can I help you?' }])
   * await conversation.sendText('Hello')
   * await account.clock.advance(1000)
   * const view = await account.conversations.get(conversation.conversationId)
   * console.log(view?.dialogs[0]?.transcript.length) // 2
   * ```
   */
  script(rules: readonly BotRuleInput[], agentId?: string): void
  /** Restores the declared script. */
  reset(): void
}

/** Creates the bot handle of an account. */
export const createBot = (accountId: string, { bots }: Pick<Services, 'bots'>): Bot => ({
  get current() {
    return bots.of(accountId)
  },
  script: (rules, agentId) => {
    bots.replace(accountId, parseInput(BotScriptSchema, toScript(rules, agentId), 'script'))
  },
  reset: () => bots.reset(accountId),
})

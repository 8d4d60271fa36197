import { type AccountPart, ValuePart } from '../accounts/account-part.ts'
import { type AgentActionInput, AgentActionSchema } from '../accounts/agent-action.ts'
import type { AppInstalls } from '../accounts/app-installs.ts'
import { type BotRule, type BotScript, findRule } from '../accounts/bot-script.ts'
import type { ConversationKey } from '../store/state-store.ts'
import type { ConversationUpdate } from '../updates.ts'
import { type AgentServices, actAsAgent } from './act-as-agent.ts'

/** The bot scripts of all accounts: declared ones, and their replacements, which are the values. */
export class Bots extends ValuePart<BotScript> implements AccountPart<{ bot?: BotScript }> {
  readonly #installs: AppInstalls
  #start: (() => void) | undefined

  constructor(installs: AppInstalls) {
    super()
    this.#installs = installs
  }

  /** Calls `start` once, as soon as an account has a script: a mock without bots subscribes to nothing. */
  onFirstScript(start: () => void): void {
    this.#start = start
    if (this.#installs.declaresBots) this.#startOnce()
  }

  /** Starts the bots of accounts whose declaration has changed. */
  redeclared(): void {
    if (this.#installs.declaresBots) this.#startOnce()
  }

  #startOnce(): void {
    this.#start?.()
    this.#start = undefined
  }

  /** The script of an account's bot, if it has one. */
  of(accountId: string): BotScript | undefined {
    return this.values.get(accountId) ?? this.#installs.botOf(accountId)
  }

  /** Replaces the script of an account, from the next text on. */
  replace(accountId: string, script: BotScript): void {
    this.values.set(accountId, script)
    this.#startOnce()
  }

  /** `bot` is absent where the script was not replaced. */
  snapshot(accountId: string): { bot?: BotScript } {
    const bot = this.values.get(accountId)
    return bot ? { bot } : {}
  }

  restore(accountId: string, { bot }: { bot?: BotScript }): void {
    this.reset(accountId)
    if (bot) this.replace(accountId, bot)
  }
}

/** Types, then publishes and acts; actions that the conversation refuses are skipped. */
async function respond(
  { say, card, actions = [] }: BotRule,
  agentId: string,
  key: ConversationKey,
  services: AgentServices,
): Promise<void> {
  const messages: AgentActionInput[] = [
    { action: 'type' },
    ...(say === undefined ? [] : [{ action: 'say', text: say } as const]),
    ...(card === undefined ? [] : [{ action: 'sendCard', card } as const]),
  ]
  for (const action of [...messages.map(one => AgentActionSchema.parse(one)), ...actions])
    await actAsAgent(action.action === 'raw' ? action : { agentId, ...action }, key, services)
}

/** Schedules the bot's answers to the texts of consumers, on the account's clock. */
export function listenAsBot(
  { accountId, state, events }: ConversationUpdate,
  { bots, ...services }: AgentServices & { readonly bots: Bots },
): void {
  const script = bots.of(accountId)
  if (script === undefined) return
  const { conversationId } = state
  const clock = services.clocks.of(accountId)
  for (const event of events) {
    if (event.type !== 'counted' || event.entry.role !== 'CONSUMER') continue
    const said = event.entry.event
    if (said.type !== 'ContentEvent' || said.contentType !== 'text/plain') continue
    const rule = findRule(script, said.message)
    if (rule)
      clock.schedule(
        clock.now() + rule.afterMs,
        `the bot answers in conversation ${conversationId}`,
        () => respond(rule, script.agentId, { accountId, conversationId }, services),
      )
  }
}

import type { AccountClock } from '../accounts/account-clock.ts'
import { type SettingsChange, SettingsChangeSchema } from '../accounts/account-settings.ts'
import { AgentActionSchema } from '../accounts/agent-action.ts'
import { actAsAgent } from '../agent/act-as-agent.ts'
import type { CallFaults } from '../faults/call-fault.ts'
import { type ActAsAgent, type Agent, createAgent } from '../handle/agent.ts'
import { type Bot, createBot } from '../handle/bot.ts'
import { openForConsumer } from '../handle/open-for-consumer.ts'
import { type AccountRequests, createAccountRequests } from '../handle/requests.ts'
import { signTokenPair, type TokenPair, type TokenRequest } from '../handle/token-pair.ts'
import { createWebhooksHandle, type MockWebhooks } from '../handle/webhooks.ts'

import { toErrorBody } from '../http/response.ts'

import type { RuleCount } from '../journal/rule-counts.ts'

import { resetAccounts } from '../lifecycle/reset.ts'
import { restoreAccount, snapshotAccount } from '../lifecycle/snapshot.ts'
import { type AccountSnapshot, parseSnapshot } from '../lifecycle/snapshot-schema.ts'
import { parseInput, toLines } from '../parse-input.ts'
import { loadScenario } from '../scenario/load-scenario.ts'
import { type Scenario, type ScenarioInput, ScenarioSchema } from '../scenario/scenario-schema.ts'
import { writeScenario } from '../scenario/write-scenario.ts'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import {
  type ConversationQuery,
  ConversationQuerySchema,
  selectConversations,
} from '../store/conversation-query.ts'
import { type ConversationView, toConversationView } from '../store/conversation-view.ts'
import type { ConversationKey } from '../store/state-store.ts'

/** One account of a running mock. */
export interface MockAccount {
  readonly accountId: string
  /** Credentials of the account's first app install. */
  readonly clientId: string
  readonly clientSecret: string
  /**
   * Conversations of the account, opened and read without an HTTP call.
   * @example
   * ```ts
   * const { conversationId } = await account.conversations.open('max')
   * const view = await account.conversations.get(conversationId)
   * console.log(view?.state) // OPEN
   * ```
   */
  readonly conversations: {
    /** The conversations that match, newest first; rejects with a `TypeError` for an unknown filter. @default all */
    list(query?: ConversationQuery): Promise<ConversationView[]>
    get(conversationId: string): Promise<ConversationView | undefined>
    /** Opens one for a consumer without an HTTP call, with the given id or a new one; rejects if the id is in use. */
    open(extConsumerId: string, conversationId?: string): Promise<ConversationView>
  }
  /** Virtual clock of this account: token and URL expiry, timestamps, webhook retries. */
  readonly clock: Pick<AccountClock, 'now' | 'next' | 'frozen' | 'freeze' | 'advance' | 'resume'>
  /**
   * Settings of this account: those that the mock was started with, and what was changed for this account alone.
   * @example
   * ```ts
   * account.settings.change({ survey: true, limits: { requestsPerSecond: 5 } })
   * account.settings.change({ limits: null })
   * console.log(account.settings.current.survey) // true
   * console.log(account.settings.current.limits.requestsPerSecond) // null
   * ```
   */
  readonly settings: {
    /** All settings in effect. */
    readonly current: Settings
    /**
     * Merges a JSON merge patch into the account's changes, from the next call on; `null` restores the value of the start. Throws a
     * `TypeError` that lists all problems; settings that are fixed at the start are among them. Source: RFC 7396.
     */
    change(change: SettingsChange): Settings
  }
  /**
   * Injected faults of this account's calls.
   * @example
   * ```ts
   * account.faults.add({ match: { operation: 'send' }, action: { status: 429 }, times: 1 })
   * console.log(await conversation.sendText('Hello')) // { sequence: 0 }
   * console.log(account.faults.list()[0]?.acted) // 1
   * ```
   */
  readonly faults: Pick<CallFaults, 'add' | 'list' | 'remove' | 'clear'>
  /** Journal of this account: requests and responses. */
  readonly requests: AccountRequests
  /**
   * The rules that responses of the account rested on since its reset, those of most requests first. Rule: RES-9.
   * @example
   * ```ts
   * await conversation.sendText('Hello')
   * const found = (await account.rules()).find(({ id }) => id === 'EP-1')
   * console.log(found) // { id: 'EP-1', count: 1 }
   * ```
   */
  rules(): Promise<RuleCount[]>
  /** Webhooks of the account's apps, and their deliveries. Rule: WH-1. */
  readonly webhooks: MockWebhooks
  /** Bot that answers the consumers of this account by script. */
  readonly bot: Bot
  /**
   * The agent's side of a conversation.
   * @default agentId 'agent-1'
   * @example
   * ```ts
   * const agent = account.agent(conversation.conversationId)
   * await agent.join()
   * console.log(await agent.say('How can I help you?')) // 0
   * ```
   */
  agent(conversationId: string, agentId?: string): Agent
  /**
   * Signs tokens for a consumer, without an HTTP call.
   * @example
   * ```ts
   * const { appJwt, consumerJws } = await account.tokens('zoe')
   * const headers = { Authorization: appJwt, 'X-LP-ON-BEHALF': consumerJws }
   * ```
   */
  tokens(extConsumerId: string, options?: Omit<TokenRequest, 'consumer'>): Promise<TokenPair>
  /**
   * Copies the account's state; client secrets are left out.
   * @example
   * ```ts
   * const snapshot = await account.snapshot()
   * console.log(snapshot.conversations.length) // 1
   * ```
   */
  snapshot(): Promise<AccountSnapshot>
  /**
   * Restores a snapshot of this account; journal and faults stay, and webhooks that were not delivered when it was made are sent, also those that were delivered since. Rejects with a `TypeError` that lists all problems.
   * @example
   * ```ts
   * const before = await account.snapshot()
   * await conversation.sendText('Hello')
   * await account.restore(before)
   * console.log(await conversation.sendText('Hello again')) // { sequence: 0 }
   * ```
   */
  restore(snapshot: AccountSnapshot): Promise<void>
  /**
   * Checks a scenario, then resets the account and loads it: conversations with their history, clock, settings, faults and bot, all of it
   * or nothing; no webhook is sent for what it seeds. Rejects with a `TypeError` that lists all problems, and the account is as it was.
   * @example
   * ```ts
   * await account.loadScenario({
   *   conversations: [{ consumer: 'zoe', events: [{ from: 'agent', action: 'say', text: 'Hello' }] }],
   * })
   * const [view] = await account.conversations.list()
   * console.log(view?.dialogs[0]?.transcript.length) // 1
   * ```
   */
  loadScenario(scenario: ScenarioInput): Promise<void>
  /**
   * Writes down what the account is, without ids, tokens and secrets, as a scenario that leads to it.
   * @example
   * ```ts
   * const scenario = await account.scenario()
   * await account.reset()
   * await account.loadScenario(scenario)
   * console.log((await account.conversations.list()).length) // 1
   * ```
   */
  scenario(): Promise<Scenario>
  /**
   * Resets the account: state, clock, installs, settings, id sequence.
   * @example
   * ```ts
   * await account.reset()
   * console.log(await account.conversations.list()) // []
   * ```
   */
  reset(): Promise<void>
}

function toConversations(accountId: string, service: Services): MockAccount['conversations'] {
  const { store } = service
  return {
    async get(conversationId) {
      const record = await store.load({ accountId, conversationId })
      return record && toConversationView(record, accountId)
    },
    async list(query = {}) {
      const parsed = parseInput(ConversationQuerySchema, query, 'query')
      const found = selectConversations(await store.list(accountId), accountId, parsed)
      if (found) return found.map(record => toConversationView(record, accountId))
      throw new RangeError(`Account ${accountId} has no conversation ${parsed.before}`)
    },
    open: (extConsumerId, conversationId = service.random.uuid(accountId)) =>
      openForConsumer({ accountId, conversationId }, extConsumerId, service),
  }
}

const actIn =
  (key: ConversationKey, service: Services): ActAsAgent =>
  async action => {
    const parsed = parseInput(AgentActionSchema, action, 'action')
    const reply = await actAsAgent(parsed, key, service)
    if (reply.ok) return { ok: true, sequence: Number(reply.body['sequence'] ?? 0) }
    const { errorCode, details } = toErrorBody(reply)
    return { ok: false, reason: `${errorCode} ${details}` }
  }

/** Creates the handle on an account. */
export const toAccount = (accountId: string, service: Services): MockAccount => ({
  accountId,
  get clientId() {
    return service.installs.of(accountId).clientId
  },
  get clientSecret() {
    return service.installs.of(accountId).clientSecret
  },
  conversations: toConversations(accountId, service),
  get clock() {
    return service.clocks.of(accountId)
  },
  settings: {
    get current() {
      return service.settings.of(accountId)
    },
    change: change =>
      service.settings.change(accountId, parseInput(SettingsChangeSchema, change, 'settings')),
  },
  get faults() {
    return service.faults.of(accountId)
  },
  requests: createAccountRequests(accountId, service),
  rules: async () => service.journals.peek(accountId).rules,
  webhooks: createWebhooksHandle(accountId, service),
  bot: createBot(accountId, service),
  agent: (conversationId, agentId = 'agent-1') =>
    createAgent(actIn({ accountId, conversationId }, service), { conversationId, agentId }),
  tokens: (extConsumerId, options) =>
    signTokenPair(service, accountId, { ...options, consumer: extConsumerId }),
  snapshot: () => snapshotAccount(service, accountId),
  restore: async snapshot => {
    const secrets = service.installs.secretsOf(accountId)
    await restoreAccount(service, parseSnapshot(snapshot, accountId, secrets))
  },
  loadScenario: async scenario => {
    const secrets = service.installs.secretsOf(accountId)
    const parsed = parseInput(ScenarioSchema, scenario, 'scenario', secrets)
    const problems = await loadScenario(parsed, accountId, service)
    if (problems.length > 0) throw new TypeError(`The scenario is not valid:${toLines(problems)}`)
  },
  scenario: () => writeScenario(accountId, service),
  reset: () => resetAccounts(service, accountId),
})

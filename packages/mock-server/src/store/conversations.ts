import { errorCodes, type RuleId } from '@sendbox/schema'
import type { AccountSettings } from '../accounts/account-settings.ts'
import type { AppInstalls } from '../accounts/app-installs.ts'
import type { Clocks } from '../accounts/clocks.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import type { FileStore } from '../files/file-store.ts'
import type { Command, Environment, Reply, Transition } from '../model/command.ts'
import type { OrderedEvidence } from '../model/evidence.ts'
import {
  openOrReuse,
  reduce,
  refuse,
  toPublish,
  withinEvidence,
  withRules,
} from '../model/reduce.ts'
import {
  type OutgoingNotification,
  toNotifications,
  toRawNotifications,
} from '../notifications/to-notifications.ts'
import type { Settings } from '../settings.ts'
import type { CreatedDelivery, Updates } from '../updates.ts'
import type { Change, ConversationKey, StateStore } from './state-store.ts'

interface ConversationsOptions {
  readonly store: StateStore
  readonly updates: Updates
  readonly settings: AccountSettings
  readonly clocks: Clocks
  readonly random: RandomSource
  readonly files: FileStore
  readonly installs: AppInstalls
  /** Creates the deliveries of a notification, to be persisted with its change. */
  readonly createDeliveries: (
    accountId: string,
    notification: OutgoingNotification,
  ) => readonly CreatedDelivery[]
}

/** Rules and evidence of a command. */
interface RunOptions {
  /** Rules that decided the command beside those that the model names. */
  readonly rules?: readonly RuleId[]
  /** Refuses a transition whose rules have weaker evidence. @default none: the agent's side is not bound by evidence. Rule: RES-9 */
  readonly minEvidence?: OrderedEvidence
}

const none: readonly never[] = []

type Opening = Extract<Command, { type: 'open' }>

/** The only way to change a conversation: load, reduce, evidence gate, deliveries, save in one call, then publish. */
export class Conversations {
  readonly #options: ConversationsOptions

  constructor(options: ConversationsOptions) {
    this.#options = options
  }

  /**
   * Applies one command atomically and persists the transition with its webhook deliveries, then publishes the update; resolves once its
   * subscribers have settled. Rejects where a conversation is opened under an id that the account has already. Rules: SEQ-2, SEQ-6.
   */
  async run(key: ConversationKey, command: Command, options: RunOptions = {}): Promise<Reply> {
    const { rules = [], minEvidence } = options
    const change = await this.#options.store.transact(key, state => {
      if (state && command.type === 'open')
        throw new Error(`Account ${key.accountId} has a conversation ${key.conversationId}`)
      const reduced = reduce(state, command, this.#toEnvironment(key.accountId))
      const decided = rules.length === 0 ? reduced : withRules(reduced, rules)
      const gated = minEvidence ? withinEvidence(decided, state, minEvidence) : decided
      return this.#withDeliveries(key.accountId, gated)
    })
    const published = this.#publish(key.accountId, change)
    if (published) await published
    return change.reply
  }

  /**
   * Opens a conversation with its first message, or reuses the open one of the consumer as the settings say; alone for that consumer.
   * Rules: CON-2, CON-4, CON-5.
   */
  async open(
    accountId: string,
    command: Opening,
    { secondConversation, minEvidence }: Pick<Settings, 'secondConversation' | 'minEvidence'>,
  ): Promise<Reply> {
    const { conversationId, consumerId } = command
    const change = await this.#options.store.open(
      { accountId, conversationId, consumerId },
      openIds => {
        const environment = this.#toEnvironment(accountId)
        const opened = openOrReuse(command, openIds, environment, secondConversation)
        return this.#withDeliveries(accountId, withinEvidence(opened, undefined, minEvidence))
      },
    )
    await this.#publish(accountId, change)
    const { reply } = change
    const reusedId = reply.ok ? String(reply.body['conversationId']) : conversationId
    const publishing = toPublish(command, reusedId)
    if (!reply.ok || reusedId === conversationId || publishing === undefined) return reply
    const published = await this.run({ accountId, conversationId: reusedId }, publishing)
    if (!published.ok) return published
    const body = { ...reply.body, ...published.body }
    return { ...published, body, rules: [...reply.rules, ...published.rules] }
  }

  /** Sends changes as given to the account's webhooks, without a change of the conversation; for tests of receivers. */
  async notify(
    key: ConversationKey,
    raw: { readonly type: string; readonly changes: readonly unknown[] },
  ): Promise<Reply> {
    const { accountId, conversationId } = key
    const { clocks, installs, settings, store } = this.#options
    const change = await store.transact(key, state => {
      if (state === undefined)
        return { ...refuse(state, errorCodes.conversationNotFound), deliveries: none }
      const now = clocks.now(accountId)
      const notifications = toRawNotifications(
        raw,
        { conversationId, now },
        settings.of(accountId).webhooks,
        eventType => installs.hasWebhook(accountId, eventType),
      )
      const deliveries = this.#createDeliveries(accountId, notifications)
      return { state, reply: { ok: true, body: {}, rules: [] }, events: [], deliveries }
    })
    await this.#publish(accountId, change)
    return change.reply
  }

  #toEnvironment(accountId: string): Environment {
    const { clocks, random, files } = this.#options
    const settings = this.#options.settings.of(accountId)
    return {
      now: clocks.now(accountId),
      survey: settings.survey,
      ...(settings.autoMessages.enabled && { autoMessage: settings.autoMessages.text }),
      isStrict: settings.mode === 'strict',
      isUploaded: relativePath => files.load(accountId, relativePath) !== undefined,
      newDialogId: () => random.dialogId(accountId),
    }
  }

  #withDeliveries(accountId: string, { state, events, reply }: Transition): Change {
    const { clocks, installs, settings } = this.#options
    const notifications =
      state && events.length > 0 && installs.hasWebhook(accountId)
        ? toNotifications(
            { accountId, state, events, now: clocks.now(accountId) },
            settings.of(accountId).webhooks,
            eventType => installs.hasWebhook(accountId, eventType),
          )
        : none
    const deliveries =
      notifications.length === 0 ? none : this.#createDeliveries(accountId, notifications)
    return { state, events, reply, deliveries }
  }

  #createDeliveries(
    accountId: string,
    notifications: readonly OutgoingNotification[],
  ): readonly CreatedDelivery[] {
    const { createDeliveries } = this.#options
    return notifications.flatMap(notification => createDeliveries(accountId, notification))
  }

  #publish(accountId: string, { state, events, deliveries }: Change): Promise<void> | undefined {
    if (state === undefined || (events.length === 0 && deliveries.length === 0)) return undefined
    const update = { accountId, state, events, deliveries }
    return this.#options.updates.publish('conversation', update)
  }
}

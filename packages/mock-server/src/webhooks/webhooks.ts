import { isDeepStrictEqual } from 'node:util'
import type { Clocks } from '../accounts/account-clock.ts'
import type { AccountPart, PartDocument } from '../accounts/account-part.ts'
import type { AppInstalls } from '../accounts/app-installs.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import type { WebhookSettings } from '../settings.ts'
import type { ConversationUpdate, Updates } from '../updates.ts'
import { AccountWebhooks } from './account-webhooks.ts'
import { NotificationPoster } from './post-notification.ts'
import type { WebhooksSnapshot } from './webhooks-snapshot.ts'

/** The dependencies of all webhooks. */
interface WebhooksOptions {
  readonly settings: WebhookSettings
  readonly installs: AppInstalls
  readonly clocks: Clocks
  readonly random: RandomSource
  readonly updates: Updates
  /** Called when an account's snapshot has changed. */
  readonly markDirty: (accountId: string) => void
}

const initialWebhooks: WebhooksSnapshot = { lastNumber: 0, installs: [] }

const all = async (promises: readonly Promise<void>[]): Promise<void> => {
  await Promise.all(promises)
}

/** The webhooks of all accounts. */
export class Webhooks implements AccountPart<{ webhooks: WebhooksSnapshot }> {
  readonly #options: WebhooksOptions
  readonly #poster: NotificationPoster
  readonly #accounts = new Map<string, AccountWebhooks>()
  #isClosed = false

  readonly document: PartDocument<WebhooksSnapshot> = {
    name: 'webhooks',
    isLarge: true,
    capture: accountId => {
      const webhooks = this.#accounts.get(accountId)?.snapshot()
      return isDeepStrictEqual(webhooks, initialWebhooks) ? undefined : webhooks
    },
    restore: (accountId, webhooks = initialWebhooks) => this.restore(accountId, { webhooks }),
  }

  constructor(options: WebhooksOptions) {
    this.#options = options
    this.#poster = new NotificationPoster(options.settings)
  }

  of(accountId: string): AccountWebhooks {
    const known = this.#accounts.get(accountId)
    if (known) return known
    const { settings, installs, clocks, random, updates, markDirty } = this.#options
    const webhooks = new AccountWebhooks({
      accountId,
      settings,
      random,
      updates,
      poster: this.#poster,
      clock: () => clocks.of(accountId),
      listInstalls: () => installs.list(accountId),
      markDirty: () => markDirty(accountId),
    })
    this.#accounts.set(accountId, webhooks)
    return webhooks
  }

  /** Delivers the notifications of an update; returns a promise only where the response to the call is to wait for it. */
  readonly deliver = ({
    accountId,
    notifications,
  }: ConversationUpdate): Promise<void> | undefined => {
    if (this.#isClosed || notifications.length === 0) return undefined
    const posted = notifications.flatMap(notification => this.of(accountId).deliver(notification))
    return posted.length === 0 ? undefined : all(posted)
  }

  /** The accounts whose webhooks were used. */
  accountIds(): string[] {
    return [...this.#accounts.keys()]
  }

  snapshot(accountId: string): { webhooks: WebhooksSnapshot } {
    return { webhooks: this.#accounts.get(accountId)?.snapshot() ?? initialWebhooks }
  }

  /** Resets the account, and resumes the deliveries of the snapshot. */
  restore(accountId: string, { webhooks }: { webhooks: WebhooksSnapshot }): void {
    this.reset(accountId)
    this.of(accountId).restore(webhooks)
    this.#options.markDirty(accountId)
  }

  /** Cancels all deliveries, and removes them and all webhook faults. */
  reset(accountId?: string): void {
    for (const [id, webhooks] of this.#accounts)
      if (accountId === undefined || id === accountId) {
        webhooks.stop()
        this.#accounts.delete(id)
        this.#options.markDirty(id)
      }
  }

  /** Cancels all deliveries, and starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const webhooks of this.#accounts.values()) webhooks.stop()
    await this.#poster.close()
  }
}

import { isDeepStrictEqual } from 'node:util'
import { type AccountPart, type PartDocument, ValuePart } from '../accounts/account-part.ts'
import type { ConversationUpdate } from '../updates.ts'
import { AccountWebhooks, type WebhooksOptions } from './account-webhooks.ts'
import { NotificationPoster } from './post-notification.ts'
import type { WebhooksSnapshot } from './webhooks-snapshot.ts'

const initialWebhooks: WebhooksSnapshot = { lastNumber: 0, installs: [] }

/** The webhooks of all accounts. */
export class Webhooks
  extends ValuePart<AccountWebhooks>
  implements AccountPart<{ webhooks: WebhooksSnapshot }>
{
  readonly #options: WebhooksOptions
  readonly #poster: NotificationPoster
  #isClosed = false

  readonly document: PartDocument<WebhooksSnapshot> = {
    name: 'webhooks',
    isLarge: true,
    capture: accountId => {
      const webhooks = this.values.get(accountId)?.snapshot()
      return isDeepStrictEqual(webhooks, initialWebhooks) ? undefined : webhooks
    },
    restore: (accountId, webhooks = initialWebhooks) => this.restore(accountId, { webhooks }),
  }

  constructor(options: WebhooksOptions) {
    super()
    this.#options = options
    this.#poster = new NotificationPoster(options.settings)
  }

  of(accountId: string): AccountWebhooks {
    const known = this.values.get(accountId)
    if (known) return known
    const webhooks = this.peek(accountId)
    this.values.set(accountId, webhooks)
    return webhooks
  }

  /** The webhooks of an account, only to be read: an account without any gets none. */
  peek(accountId: string): AccountWebhooks {
    return this.values.get(accountId) ?? new AccountWebhooks(accountId, this.#poster, this.#options)
  }

  /** Delivers the notifications of an update; returns a promise only where the response to the call is to wait for it. */
  readonly deliver = ({
    accountId,
    notifications,
  }: ConversationUpdate): Promise<void> | undefined => {
    if (this.#isClosed || notifications.length === 0) return undefined
    const posted = notifications.flatMap(notification => this.of(accountId).deliver(notification))
    return posted.length === 0 ? undefined : Promise.all(posted).then(() => undefined)
  }

  snapshot(accountId: string): { webhooks: WebhooksSnapshot } {
    return { webhooks: this.values.get(accountId)?.snapshot() ?? initialWebhooks }
  }

  /** Resets the account, and resumes the deliveries of the snapshot. */
  restore(accountId: string, { webhooks }: { webhooks: WebhooksSnapshot }): void {
    this.reset(accountId)
    this.of(accountId).restore(webhooks)
    this.#options.markDirty(accountId)
  }

  /** Cancels all deliveries of an account that is reset. */
  protected override end(webhooks: AccountWebhooks, accountId: string): void {
    webhooks.stop()
    this.#options.markDirty(accountId)
  }

  /** Cancels all deliveries, and starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const webhooks of this.values.values()) webhooks.stop()
    await this.#poster.close()
  }
}

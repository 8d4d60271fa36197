import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { type AccountPart, ValuePart } from '../accounts/account-part.ts'
import type { OutgoingNotification } from '../notifications/to-notifications.ts'
import type { ConversationUpdate, CreatedDelivery } from '../updates.ts'
import { AccountWebhooks, type WebhooksOptions } from './account-webhooks.ts'
import { AttemptBudget } from './attempt-budget.ts'
import { NotificationPoster } from './post-notification.ts'
import type { UnfinishedDelivery, WebhooksSnapshot } from './webhooks-snapshot.ts'

const initialWebhooks: WebhooksSnapshot = { lastNumber: 0, installs: [] }

interface WebhookFields {
  readonly webhooks: WebhooksSnapshot
}

/** The webhooks of all accounts. */
export class Webhooks extends ValuePart<AccountWebhooks> implements AccountPart<WebhookFields> {
  readonly #options: WebhooksOptions
  readonly #poster: NotificationPoster
  readonly #budget = new AttemptBudget()
  #isClosed = false

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
    const shared = { poster: this.#poster, budget: this.#budget }
    return this.values.get(accountId) ?? new AccountWebhooks(accountId, shared, this.#options)
  }

  /** Creates the deliveries of a notification: one to each install that registers its type. */
  readonly create = (accountId: string, notification: OutgoingNotification): CreatedDelivery[] =>
    this.of(accountId).create(notification)

  /** Starts the deliveries of an update; returns a promise only where the response to the call is to wait for it. */
  readonly deliver = ({ deliveries }: ConversationUpdate): Promise<void> | undefined => {
    if (this.#isClosed || deliveries.length === 0) return undefined
    const posted = deliveries.flatMap(delivery => delivery.start() ?? [])
    return posted.length === 0 ? undefined : Promise.all(posted).then(() => undefined)
  }

  snapshot(accountId: string): WebhookFields {
    return { webhooks: this.values.get(accountId)?.snapshot() ?? initialWebhooks }
  }

  /** As {@link snapshot}, without the deliveries; `undefined` for the initial state. */
  captureRetries(accountId: string): WebhooksSnapshot | undefined {
    const webhooks = this.values.get(accountId)?.captureRetries()
    return isDeepStrictEqual(webhooks, initialWebhooks) ? undefined : webhooks
  }

  /** A copy of a delivery that has not ended, by its arrival. */
  findUnfinished(accountId: string, arrival: number): UnfinishedDelivery | undefined {
    return this.values.get(accountId)?.findUnfinished(arrival)
  }

  /** Resets the account, and resumes the deliveries of the snapshot once it is committed. */
  restore(accountId: string, { webhooks }: WebhookFields, committed?: Promise<void>): void {
    this.reset(accountId)
    this.of(accountId).restore(webhooks, committed)
    this.#options.markDirty(accountId)
  }

  /** Cancels all deliveries of an account that is reset. */
  protected override end(webhooks: AccountWebhooks, accountId: string): void {
    webhooks.stop()
    for (const arrival of webhooks.unfinished()) this.#options.markDirty(accountId, arrival)
    this.#options.markDirty(accountId)
  }

  /** Starts no more deliveries, waits for those that are queued or in flight until `deadline` is aborted, and cancels the rest. */
  async close(deadline: AbortSignal = AbortSignal.abort()): Promise<void> {
    this.#isClosed = true
    const idle = Promise.all([...this.values.values()].map(webhooks => webhooks.idle()))
    if (!deadline.aborted) await Promise.race([idle, once(deadline, 'abort')])
    for (const webhooks of this.values.values()) webhooks.stop()
    await this.#poster.close()
  }
}

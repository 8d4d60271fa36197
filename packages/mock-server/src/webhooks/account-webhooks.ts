import type { AccountClock } from '../accounts/account-clock.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import { FaultRegistry } from '../faults/registry.ts'
import { type WebhookFaults, webhookFaults } from '../faults/webhook-fault.ts'
import type { OutgoingNotification } from '../notifications/to-notifications.ts'
import { redactText } from '../redact-secrets.ts'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptResult } from './delivery-attempt.ts'
import { DeliveryLog, type DeliveryRecord } from './delivery-log.ts'
import { findRegistration } from './endpoint.ts'
import { InstallDispatcher } from './install-dispatcher.ts'
import type { InstallView } from './install-view.ts'
import type { NotificationPoster } from './post-notification.ts'
import type { WebhooksSnapshot } from './webhooks-snapshot.ts'

/** What the webhooks of one account work with. */
export interface AccountWebhooksOptions {
  readonly accountId: string
  readonly settings: WebhookSettings
  readonly random: RandomSource
  readonly poster: NotificationPoster
  readonly clock: () => AccountClock
  readonly listInstalls: () => readonly AppInstall[]
  /** Is told that what must survive has changed. */
  readonly markDirty: () => void
}

/** The webhooks of one account: what was delivered, what is under way, what goes wrong. */
export class AccountWebhooks {
  readonly log: DeliveryLog
  readonly faults: WebhookFaults
  readonly #options: AccountWebhooksOptions
  readonly #dispatchers = new Map<string, InstallDispatcher>()
  readonly #running = new Set<Promise<void>>()
  #lastNumber = 0

  constructor(options: AccountWebhooksOptions) {
    this.#options = options
    this.log = new DeliveryLog(options.settings.deliveries)
    this.faults = new FaultRegistry(webhookFaults, options.accountId, options.random)
  }

  /** Brings a notification on its way to every install that registers its type; see {@link InstallDispatcher.deliver}. */
  deliver({ eventType, conversationId, body }: OutgoingNotification): Promise<void>[] {
    return this.#options.listInstalls().flatMap(install => {
      const registration = findRegistration(install, eventType)
      if (registration === undefined) return []
      this.#lastNumber += 1
      this.#options.markDirty()
      const record: DeliveryRecord = {
        deliveryId: `delivery-${this.#lastNumber}`,
        createdAt: this.#options.clock().now(),
        conversationId,
        eventType,
        clientId: install.clientId,
        endpoint: redactText(registration.endpoint),
        state: 'pending',
        attempts: [],
        body,
      }
      const posted = this.#dispatcherOf(install.clientId).deliver(record, this.#lastNumber)
      return posted ? [posted] : []
    })
  }

  /** Tries a delivery once more, and resolves after that; `undefined` where the log has none of this id. */
  async redeliver(deliveryId: string): Promise<AttemptResult | undefined> {
    const record = this.log.find(deliveryId)
    return record && this.#dispatcherOf(record.clientId).redeliver(record)
  }

  /** Shows how each install with webhooks is doing. Rules: WH-11, WH-12. */
  listInstalls(): InstallView[] {
    return this.#options
      .listInstalls()
      .filter(({ capabilities }) => capabilities?.webhooks)
      .map(({ clientId }) => {
        const dispatcher = this.#dispatcherOf(clientId)
        return {
          clientId,
          state: dispatcher.phase,
          stored: dispatcher.stored,
          slowEndpoints: dispatcher.slowEndpoints,
        }
      })
  }

  /** Resolves once nothing is on its way; what waits for a time, for a repeat or to be held back no longer is not. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  snapshot(): WebhooksSnapshot {
    const installs = [...this.#dispatchers.values()].flatMap(dispatcher => {
      const snapshot = dispatcher.snapshot()
      return snapshot ? [snapshot] : []
    })
    return { lastNumber: this.#lastNumber, installs }
  }

  /** Goes on from where a snapshot was taken, in webhooks that are new. */
  restore({ lastNumber, installs }: WebhooksSnapshot): void {
    this.#lastNumber = lastNumber
    for (const install of installs) this.#dispatcherOf(install.clientId).restore(install)
  }

  /** Ends what is on its way, and lets all who wait go. */
  stop(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.stop()
    this.log.release()
  }

  #dispatcherOf(clientId: string): InstallDispatcher {
    const known = this.#dispatchers.get(clientId)
    if (known) return known
    const { accountId, settings, poster, clock, listInstalls, markDirty } = this.#options
    const dispatcher = new InstallDispatcher({
      accountId,
      clientId,
      settings,
      poster,
      faults: this.faults,
      clock,
      findInstall: () => listInstalls().find(install => install.clientId === clientId),
      log: this.log,
      noteChange: markDirty,
      track: work => this.#track(work),
    })
    this.#dispatchers.set(clientId, dispatcher)
    return dispatcher
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
    this.#options.clock().track(tracked)
  }
}

import { EventEmitter, once } from 'node:events'
import { diagnoseManifest } from '@sendbox/schema'
import type { AccountSettings } from '../accounts/account-settings.ts'
import type { AppInstall, AppInstalls } from '../accounts/app-installs.ts'
import type { Clocks } from '../accounts/clocks.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import { FaultRegistry } from '../faults/registry.ts'
import { type WebhookFaults, webhookFaults } from '../faults/webhook-fault.ts'
import type { OutgoingNotification } from '../notifications/to-notifications.ts'
import { redactText } from '../redact/secrets.ts'
import type { CreatedDelivery, Updates } from '../updates.ts'
import type { AttemptBudget } from './attempt-budget.ts'
import { type Delivery, toSignatureView } from './delivery.ts'
import type { AttemptResult } from './delivery-attempt.ts'
import { DeliveryLog, type DeliveryRecord } from './delivery-log.ts'
import { findRegistration } from './endpoint.ts'
import { InstallDispatcher } from './install-dispatcher.ts'
import type { InstallView } from './install-view.ts'
import type { Outbox } from './outbox.ts'
import type { NotificationPoster } from './post-notification.ts'
import { toArrival, type UnfinishedDelivery, type WebhooksSnapshot } from './webhooks-snapshot.ts'

/** The dependencies of all webhooks. */
export interface WebhooksOptions {
  readonly settings: AccountSettings
  readonly installs: AppInstalls
  readonly clocks: Clocks
  readonly random: RandomSource
  readonly updates: Updates
  /** Called when an account's snapshot has changed; with the arrival of the delivery that changed, if one did. */
  readonly markDirty: (accountId: string, arrival?: number) => void
}

/** Parts that the webhooks of all accounts share. */
interface SharedByAccounts {
  readonly poster: NotificationPoster
  readonly budget: AttemptBudget
}

/** The webhooks of one account: its delivery log, faults and dispatchers. */
export class AccountWebhooks {
  readonly log: DeliveryLog
  readonly faults: WebhookFaults
  readonly #accountId: string
  readonly #shared: SharedByAccounts
  readonly #options: WebhooksOptions
  readonly #dispatchers = new Map<string, InstallDispatcher>()
  readonly #running = new Set<Promise<void>>()
  readonly #settled = new EventEmitter().setMaxListeners(0)
  #lastNumber = 0

  constructor(accountId: string, shared: SharedByAccounts, options: WebhooksOptions) {
    this.#accountId = accountId
    this.#shared = shared
    this.#options = options
    const { updates, settings, random } = options
    this.log = new DeliveryLog({
      accountId,
      updates,
      maxDeliveries: settings.atStart.webhooks.deliveries,
      toSignature: record =>
        toSignatureView(
          record,
          this.#findInstall(record.clientId),
          settings.of(accountId).webhooks,
        ),
    })
    this.faults = new FaultRegistry(webhookFaults, { accountId, random, updates })
  }

  /** Creates a delivery to every install that registers the type. */
  create(notification: OutgoingNotification): CreatedDelivery[] {
    return this.#toRecords(notification).map(record =>
      this.#dispatcherOf(record.clientId).create(record, toArrival(record.deliveryId)),
    )
  }

  /** Creates a record for every install that registers the type. */
  #toRecords({ eventType, conversationId, body }: OutgoingNotification): DeliveryRecord[] {
    const accountId = this.#accountId
    const { installs, clocks } = this.#options
    return installs.list(accountId).flatMap(install => {
      const registration = findRegistration(install, eventType)
      if (registration === undefined) return []
      this.#lastNumber += 1
      return {
        deliveryId: `delivery-${this.#lastNumber}`,
        createdAt: clocks.now(accountId),
        conversationId,
        eventType,
        clientId: install.clientId,
        endpoint: redactText(registration.endpoint),
        state: 'pending',
        attempts: [],
        body,
      }
    })
  }

  /**
   * Attempts a test notification once at every install that registers its type; resolves with the deliveries after that. Neither retries
   * nor the state of the install follow.
   */
  async test(notification: OutgoingNotification): Promise<Delivery[]> {
    const records = this.#toRecords(notification)
    const attempts = records.map(record => this.#attemptTest(record))
    for (const attempt of attempts) this.#track(attempt)
    this.#options.markDirty(this.#accountId)
    await Promise.all(attempts)
    return records.map(record => this.log.toView(record))
  }

  async #attemptTest(record: DeliveryRecord): Promise<void> {
    record.test = true
    this.log.add(record)
    const result = await this.#dispatcherOf(record.clientId).redeliver(record)
    record.state = result === 'unregistered' ? 'dropped' : result
    this.log.publish(record)
  }

  /** Attempts a delivery once more; resolves after that, with `undefined` for an id that is not in the log. */
  async redeliver(deliveryId: string): Promise<AttemptResult | undefined> {
    const record = this.log.find(deliveryId)
    return record && this.#dispatcherOf(record.clientId).redeliver(record)
  }

  /** The state of each install with webhooks. Rules: WH-11, WH-12. */
  listInstalls(): InstallView[] {
    return this.#options.installs
      .list(this.#accountId)
      .filter(({ capabilities }) => capabilities?.webhooks)
      .map(install => {
        const diagnostics = diagnoseManifest(install)
        const view = this.#dispatcherOf(install.clientId).view()
        return { ...view, ...(diagnostics.length > 0 && { diagnostics }) }
      })
  }

  /** The number of calls that wait, for deliveries or until they are idle. */
  get waits(): number {
    return this.log.waits + this.#settled.listenerCount('settled')
  }

  /**
   * Resolves once no delivery is queued or in flight, or when the signal is aborted; delayed, held-back and stored ones and scheduled retries
   * do not count.
   */
  async idle(signal?: AbortSignal): Promise<void> {
    try {
      while (this.#running.size > 0) await once(this.#settled, 'settled', signal && { signal })
    } catch (error) {
      if (!signal?.aborted) throw error
    }
  }

  snapshot(): WebhooksSnapshot {
    return this.#capture(outbox => outbox.list())
  }

  /** As {@link snapshot}, without the deliveries. */
  captureRetries(): WebhooksSnapshot {
    return this.#capture(() => [])
  }

  /** Installs that are UP and have no deliveries are left out. */
  #capture(listEvents: (outbox: Outbox) => UnfinishedDelivery[]): WebhooksSnapshot {
    const installs = [...this.#dispatchers.values()]
      .map(dispatcher => ({ ...dispatcher.captureRetry(), events: listEvents(dispatcher.outbox) }))
      .filter(({ phase, events }) => phase !== 'UP' || events.length > 0)
    return { lastNumber: this.#lastNumber, installs }
  }

  /** Resumes the deliveries of a snapshot once it is committed; for new webhooks only. */
  restore({ lastNumber, installs }: WebhooksSnapshot, committed?: Promise<void>): void {
    this.#lastNumber = lastNumber
    for (const install of installs) this.#dispatcherOf(install.clientId).restore(install, committed)
  }

  /** The arrivals of all deliveries that have not ended. */
  unfinished(): number[] {
    return [...this.#dispatchers.values()].flatMap(({ outbox }) => outbox.arrivals())
  }

  /** A copy of a delivery that has not ended, by its arrival. */
  findUnfinished(arrival: number): UnfinishedDelivery | undefined {
    for (const { outbox } of this.#dispatchers.values()) {
      const found = outbox.show(arrival)
      if (found) return found
    }
    return undefined
  }

  /** Aborts all deliveries, and ends all waits. */
  stop(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.stop()
    this.log.close()
  }

  #findInstall(clientId: string): AppInstall | undefined {
    const { installs } = this.#options
    return installs.list(this.#accountId).find(install => install.clientId === clientId)
  }

  #dispatcherOf(clientId: string): InstallDispatcher {
    const known = this.#dispatchers.get(clientId)
    if (known) return known
    const accountId = this.#accountId
    const { installs, clocks, markDirty } = this.#options
    const dispatcher = new InstallDispatcher({
      accountId,
      clientId,
      ...this.#shared,
      secretsOf: () => installs.secretsOf(accountId),
      faults: this.faults,
      clock: () => clocks.of(accountId),
      findInstall: () => this.#findInstall(clientId),
      log: this.log,
      markDirty: arrival => markDirty(accountId, arrival),
      track: work => this.#track(work),
    })
    this.#dispatchers.set(clientId, dispatcher)
    return dispatcher
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#running.delete(tracked)
      // The end of one may start the next.
      if (this.#running.size === 0) setImmediate(() => this.#settled.emit('settled'))
    })
    this.#running.add(tracked)
    this.#options.clocks.of(this.#accountId).track(tracked)
  }
}

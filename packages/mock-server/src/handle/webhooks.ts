import { type WebhookEventType, type WebhooksSchema, webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'
import { AppInstallChangeSchema } from '../accounts/app-installs.ts'
import type { WebhookFaults } from '../faults/webhook-fault.ts'
import { type WaitOptions, WaitOptionsSchema } from '../journal/expectation.ts'
import { createTestNotification } from '../notifications/test-notification.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'
import { type Delivery, DeliverySchema } from '../webhooks/delivery.ts'
import {
  type DeliveryLog,
  type DeliveryQuery,
  DeliveryQuerySchema,
} from '../webhooks/delivery-log.ts'
import type { InstallView } from '../webhooks/install-view.ts'
import { toWait } from './to-wait.ts'

/** The deliveries to wait for, and their number; `state` is `delivered` unless given. */
export const DeliveriesWaitSchema = WaitOptionsSchema.extend({
  /** @default {} */
  match: DeliveryQuerySchema.prefault({}),
})
/** The deliveries to wait for. */
export type DeliveryWait = z.input<typeof DeliveriesWaitSchema>

/** Why deliveries were missing at the deadline. */
export const DeliveriesMissedSchema = z.object({
  ok: z.literal(false),
  message: z.string(),
  /** Those that match, whatever their state. */
  deliveries: z.array(DeliverySchema),
})

/** The deliveries that were waited for, oldest first, or why they were missing at the deadline. */
export type DeliveriesWaited =
  | { readonly ok: true; readonly deliveries: Delivery[] }
  | z.output<typeof DeliveriesMissedSchema>

const describe = ({ deliveryId, eventType, state, attempts }: Delivery): string => {
  const outcomes = attempts.map(({ outcome }) => outcome).join(', ')
  return `\n  ${deliveryId} ${eventType}: ${state}, attempts: ${outcomes || 'none'}`
}

/** Maximum number of deliveries that a message lists. */
const maxListed = 10

/** Resolves once `count` deliveries are in the state, earlier ones included, or after the timeout, which is wall time. */
export async function waitForDeliveries(
  log: DeliveryLog,
  {
    match: { state = 'delivered', ...match },
    count,
    timeoutMs,
  }: z.output<typeof DeliveriesWaitSchema>,
  signal?: AbortSignal,
): Promise<DeliveriesWaited> {
  const query = { ...match, state }
  if (await log.waitFor(query, { count, timeoutMs }, signal))
    return { ok: true, deliveries: log.list(query) }
  const deliveries = log.list(match)
  const found = deliveries.filter(delivery => delivery.state === state).length
  const listed = deliveries.slice(-maxListed).map(describe).join('')
  const advice =
    deliveries.length === 0
      ? '; nothing was to be delivered: look at the app install with GET /__sendbox/accounts/{accountId}/app-install'
      : `; the last of those that match but for their state:${listed}`
  const message = `Expected ${count} webhook deliveries to be ${state} within ${timeoutMs} ms, found ${found}${advice}`
  return { ok: false, message, deliveries }
}

/** The parts of a mock that webhooks are tested with. */
type TestServices = Pick<Services, 'webhooks' | 'installs' | 'settings' | 'clocks' | 'random'>

/** The webhooks of an account: their registration, their deliveries and their faults. */
export interface MockWebhooks {
  /** The number of deliveries that were evicted from the log. */
  readonly dropped: number
  /** The webhook faults of this account. */
  readonly faults: Pick<WebhookFaults, 'add' | 'list' | 'remove' | 'clear'>
  /** Replaces the webhooks of the account's first install, effective immediately; throws a `TypeError` that lists the problems. Rule: WH-1. */
  register(webhooks: z.input<typeof WebhooksSchema>): void
  /** The deliveries that match, oldest first. @default all */
  list(query?: DeliveryQuery): Delivery[]
  /** The state of each install with webhooks. Rules: WH-11, WH-12. */
  installs(): InstallView[]
  /**
   * Resolves once `count` deliveries are in the state, earlier ones included; rejects after the timeout, and lists those that match.
   * @default {match: {state: 'delivered'}, count: 1, timeoutMs: 5000}
   */
  waitFor(wait: DeliveryWait): Promise<Delivery[]>
  /** @deprecated give one object: `{match, count, timeoutMs}` */
  waitFor(match: DeliveryQuery, options?: WaitOptions): Promise<Delivery[]>
  /** Attempts a delivery once more, and resolves after that; rejects for an unknown id, or if the install has no such webhook. */
  redeliver(deliveryId: string): Promise<Delivery>
  /**
   * Sends a test notification of an event type to the endpoints that are registered for it, and resolves with their deliveries after the
   * one attempt; rejects where none is. Its conversation is nobody's, and no retry follows.
   * @example
   * ```ts
   * const event = 'ms.MessagingEventNotification.ContentEvent'
   * account.webhooks.register({ [event]: { endpoint: 'http://127.0.0.1:1/' } })
   * const [delivery] = await account.webhooks.test(event)
   * console.log(delivery?.attempts.at(-1)?.outcome) // refused
   * ```
   */
  test(event: WebhookEventType): Promise<Delivery[]>
  /** Resolves once no delivery is queued or in flight; retries wait for the clock and do not count. */
  idle(): Promise<void>
}

/** The error of an id that is not in the log. */
export const explainNoRedelivery = (accountId: string, deliveryId: string): string =>
  `Account ${accountId} has no delivery ${deliveryId} in its log; GET /__sendbox/accounts/${accountId}/webhooks lists those it has`

/** The error of a delivery without a webhook. */
export const explainNoWebhook = ({ deliveryId, eventType, clientId }: Delivery): string =>
  `${deliveryId} cannot go anywhere: the install of ${clientId} has no webhook for ${eventType} any more; register one first`

/** The error of a test that no endpoint is registered for. */
export const explainNoEndpoint = (accountId: string, event: WebhookEventType): string =>
  `No app of account ${accountId} has an endpoint for ${event}: register one with PUT /__sendbox/accounts/{accountId}/app-install, in its capabilities.webhooks`

/** Sends a test notification; resolves with its deliveries, none where no endpoint is registered. */
export async function testWebhook(
  accountId: string,
  event: WebhookEventType,
  { webhooks, installs, settings, clocks, random }: TestServices,
): Promise<Delivery[]> {
  if (!installs.hasWebhook(accountId, event)) return []
  const conversationId = `webhook-test-${random.uuid(accountId)}`
  const account = { accountId, conversationId, now: clocks.now(accountId) }
  const notification = createTestNotification(event, account, settings.of(accountId).webhooks)
  return notification ? webhooks.of(accountId).test(notification) : []
}

/** Creates the handle on the webhooks of an account. */
export function createWebhooksHandle(accountId: string, services: TestServices): MockWebhooks {
  const { webhooks, installs } = services
  const own = () => webhooks.of(accountId)
  return {
    get dropped() {
      return own().log.dropped
    },
    get faults() {
      return own().faults
    },
    register: manifest => {
      const change = { capabilities: { webhooks: manifest } }
      const secrets = installs.secretsOf(accountId)
      installs.replace(accountId, parseInput(AppInstallChangeSchema, change, 'manifest', secrets))
    },
    list: (query = {}) => own().log.list(parseInput(DeliveryQuerySchema, query, 'query')),
    installs: () => own().listInstalls(),
    waitFor: async (wait: DeliveryWait | DeliveryQuery, options?: WaitOptions) => {
      const wanted = parseInput(DeliveriesWaitSchema, toWait(wait, options), 'wait')
      const waited = await waitForDeliveries(own().log, wanted)
      if (!waited.ok) throw new Error(waited.message)
      return waited.deliveries
    },
    redeliver: async deliveryId => {
      const result = await own().redeliver(deliveryId)
      const delivery = own().log.show(deliveryId)
      if (result === undefined || delivery === undefined)
        throw new Error(explainNoRedelivery(accountId, deliveryId))
      if (result === 'unregistered') throw new Error(explainNoWebhook(delivery))
      return delivery
    },
    test: async event => {
      const parsed = parseInput(z.enum(webhookEventTypes), event, 'event')
      const deliveries = await testWebhook(accountId, parsed, services)
      if (deliveries.length === 0) throw new Error(explainNoEndpoint(accountId, parsed))
      return deliveries
    },
    idle: () => own().idle(),
  }
}

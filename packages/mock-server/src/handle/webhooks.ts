import type { WebhooksSchema } from '@sendbox/schema'
import { z } from 'zod'
import { AppInstallChangeSchema } from '../accounts/app-installs.ts'
import type { WebhookFaults } from '../faults/webhook-fault.ts'
import { WaitOptionsSchema } from '../journal/expectation.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'
import { type Delivery, DeliverySchema } from '../webhooks/delivery.ts'
import {
  type DeliveryLog,
  type DeliveryQuery,
  DeliveryQuerySchema,
} from '../webhooks/delivery-log.ts'
import type { InstallView } from '../webhooks/install-view.ts'

/** Which deliveries to wait for, and for how many; without a `state`, those that are delivered. */
export const DeliveriesWaitSchema = WaitOptionsSchema.extend({
  /** @default {} */
  match: DeliveryQuerySchema.prefault({}),
})
export type DeliveriesWait = z.output<typeof DeliveriesWaitSchema>

/** Says why deliveries were not there in time, and shows those that are. */
export const DeliveriesMissedSchema = z.object({
  ok: z.literal(false),
  message: z.string(),
  /** Those that match but for their state. */
  deliveries: z.array(DeliverySchema),
})

/** The deliveries that were waited for, oldest first, or why they were not there in time. */
export type DeliveriesWaited =
  | { readonly ok: true; readonly deliveries: Delivery[] }
  | z.output<typeof DeliveriesMissedSchema>

const describe = ({ deliveryId, eventType, state, attempts }: Delivery): string => {
  const outcomes = attempts.map(({ outcome }) => outcome).join(', ')
  return `\n  ${deliveryId} ${eventType}: ${state}, attempts: ${outcomes || 'none'}`
}

/** How many deliveries a message lists. */
const maxListed = 10

/** Waits until so many deliveries are in a state, those before included; a time-out is wall time. */
export async function waitForDeliveries(
  log: DeliveryLog,
  { match: { state = 'delivered', ...match }, count, timeoutMs }: DeliveriesWait,
): Promise<DeliveriesWaited> {
  const query = { ...match, state }
  if (await log.waitFor(query, { count, timeoutMs }))
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

/** The webhooks of an account: where they go, what was delivered, and what goes wrong with them. */
export interface MockWebhooks {
  /** How many deliveries are no longer kept. */
  readonly dropped: number
  /** What goes wrong with the deliveries of this account. */
  readonly faults: Pick<WebhookFaults, 'add' | 'list' | 'remove' | 'clear'>
  /** Replaces the webhooks of the account's first install, at once; throws a `TypeError` that lists what is wrong. Rule: WH-1. */
  register(webhooks: z.input<typeof WebhooksSchema>): void
  /** The deliveries that are meant, oldest first. @default all */
  list(query?: DeliveryQuery): Delivery[]
  /** How each install with webhooks is doing. Rules: WH-11, WH-12. */
  installs(): InstallView[]
  /**
   * Waits until so many deliveries are in a state, those before included, and rejects with what there is instead.
   * @default {count: 1, timeoutMs: 5000}, state 'delivered'
   */
  waitFor(
    match: DeliveryQuery,
    options?: { readonly count?: number; readonly timeoutMs?: number },
  ): Promise<Delivery[]>
  /** Tries a delivery once more, and resolves after that; rejects where there is nothing to try. */
  redeliver(deliveryId: string): Promise<Delivery>
  /** Resolves once nothing is on its way; it does not wait for repeats, which the clock brings. */
  idle(): Promise<void>
}

/** Why a delivery was not tried again. */
export const explainNoRedelivery = (accountId: string, deliveryId: string): string =>
  `Account ${accountId} has no delivery ${deliveryId} in its log; GET /__sendbox/accounts/${accountId}/webhooks lists those it has`

/** Why a delivery could not go anywhere. */
export const explainNoWebhook = ({ deliveryId, eventType, clientId }: Delivery): string =>
  `${deliveryId} cannot go anywhere: the install of ${clientId} has no webhook for ${eventType} any more; register one first`

/** Makes the handle on the webhooks of an account. */
export function createWebhooksHandle(
  accountId: string,
  { webhooks, installs }: Pick<Services, 'webhooks' | 'installs'>,
): MockWebhooks {
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
      installs.replace(accountId, parseInput(AppInstallChangeSchema, change, 'manifest'))
    },
    list: (query = {}) => own().log.list(parseInput(DeliveryQuerySchema, query, 'query')),
    installs: () => own().listInstalls(),
    waitFor: async (match, options = {}) => {
      const wait = parseInput(DeliveriesWaitSchema, { ...options, match }, 'wait')
      const waited = await waitForDeliveries(own().log, wait)
      if (!waited.ok) throw new Error(waited.message)
      return waited.deliveries
    },
    redeliver: async deliveryId => {
      const result = await own().redeliver(deliveryId)
      const delivery = own().log.show(deliveryId)
      if (result === undefined || delivery === undefined)
        throw new Error(explainNoRedelivery(accountId, deliveryId))
      if (result === 'gone') throw new Error(explainNoWebhook(delivery))
      return delivery
    },
    idle: () => own().idle(),
  }
}

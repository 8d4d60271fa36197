import type { WebhooksSchema } from '@sendbox/schema'
import type { z } from 'zod'
import { AppInstallChangeSchema } from '../app-installs.ts'
import { readInput, toLines } from '../read-input.ts'
import type { Service } from '../service.ts'
import type { Delivery } from './delivery.ts'
import { type DeliveryQuery, DeliveryQuerySchema } from './delivery-log.ts'
import type { InstallView } from './install-view.ts'
import { DeliveriesWaitSchema, waitForDeliveries } from './wait-for-deliveries.ts'
import type { WebhookFaults } from './webhook-faults.ts'

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

function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  name: string,
): z.output<Schema> {
  const result = readInput(schema, input)
  if (result.ok) return result.value
  throw new TypeError(`The ${name} is not valid:${toLines(result.problems)}`)
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
  { webhooks, installs }: Pick<Service, 'webhooks' | 'installs'>,
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
      installs.replace(accountId, parse(AppInstallChangeSchema, change, 'manifest'))
    },
    list: (query = {}) => own().log.list(parse(DeliveryQuerySchema, query, 'query')),
    installs: () => own().listInstalls(),
    waitFor: async (match, options = {}) => {
      const wait = parse(DeliveriesWaitSchema, { ...options, match }, 'wait')
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

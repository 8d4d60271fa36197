import { z } from 'zod'
import { WaitOptionsSchema } from '../journal/request-expectation.ts'
import { type Delivery, DeliverySchema } from './delivery.ts'
import { type DeliveryLog, DeliveryQuerySchema } from './delivery-log.ts'

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
const mostListed = 10

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
  const listed = deliveries.slice(-mostListed).map(describe).join('')
  const advice =
    deliveries.length === 0
      ? '; nothing was to be delivered: look at the app install with GET /__sendbox/accounts/{accountId}/app-install'
      : `; the last of those that match but for their state:${listed}`
  const message = `Expected ${count} webhook deliveries to be ${state} within ${timeoutMs} ms, found ${found}${advice}`
  return { ok: false, message, deliveries }
}

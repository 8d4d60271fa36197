import { z } from 'zod'
import { Fifo } from '../fifo.ts'
import { DeliverySchema } from './delivery.ts'
import {
  type HeldEvent,
  HeldEventSchema,
  installPhases,
  type RetryState,
} from './retry-schedule.ts'

/** A delivery that has not ended: it is queued, stored, or waits for its time. Rules: WH-10, WH-11. */
const UnfinishedDeliverySchema = z.strictObject({
  /** Its event in the retry schedule, if it is stored or delayed. Rule: WH-11. */
  event: HeldEventSchema.exactOptional(),
  /** When it is sent, in ms since the epoch; absent if it is queued or stored. */
  dueAt: z.number().exactOptional(),
  /** The number of the attempt that is due, for a webhook with `max_retries`. Rule: WH-10. */
  attempt: z.int().min(2).exactOptional(),
  delivery: DeliverySchema.extend({
    deliveryId: z.string().regex(/^delivery-\d+$/),
    attempts: DeliverySchema.shape.attempts.unwrap(),
  }),
})
export type UnfinishedDelivery = z.output<typeof UnfinishedDeliverySchema>

/** The id of a delivery. */
export const toDeliveryId = (arrival: number): string => `delivery-${arrival}`

/** The order of arrival of a delivery, and the number in its id. */
export const toArrival = (deliveryId: string): number =>
  Number(deliveryId.slice('delivery-'.length))

/** The retry state of one install, and its deliveries that have not ended. Rule: WH-11. */
const InstallSnapshotSchema = z.strictObject({
  clientId: z.string(),
  phase: z.enum(installPhases),
  failures: z.int().min(0),
  retryAt: z.number().exactOptional(),
  failing: z.array(z.string()),
  lastOfOutage: z.int(),
  retentionMs: z.int().min(0),
  /** By arrival. */
  events: z.array(UnfinishedDeliverySchema),
})
export type InstallSnapshot = z.output<typeof InstallSnapshotSchema>

/** The retry state of a snapshot; no event is being sent. */
export function toRetryState(snapshot: InstallSnapshot): RetryState {
  const { phase, failures, retryAt, failing, lastOfOutage, events } = snapshot
  const stored: HeldEvent[] = []
  const delayed: { event: HeldEvent; dueAt: number }[] = []
  for (const { event, dueAt } of events) {
    if (event === undefined) continue
    if (dueAt === undefined) stored.push(event)
    else delayed.push({ event, dueAt })
  }
  return { phase, failures, retryAt, failing, lastOfOutage, stored: new Fifo(stored), delayed }
}

/** The state of an account's webhooks as JSON. Rule: WH-11. */
export const WebhooksSnapshotSchema = z.strictObject({
  /** The number in the id of the last delivery. */
  lastNumber: z.int().min(0),
  installs: z.array(InstallSnapshotSchema),
})
export type WebhooksSnapshot = z.output<typeof WebhooksSnapshotSchema>

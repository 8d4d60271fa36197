import { boundedArray } from '@sendbox/schema'
import { z } from 'zod'
import { latestTime } from '../accounts/account-clock.ts'
import { Fifo } from '../fifo.ts'
import { type Contradiction, refuseContradictions } from '../parse-input.ts'
import { SavedDeliverySchema } from './delivery.ts'
import {
  type HeldEvent,
  HeldEventSchema,
  installPhases,
  maxDelayMs,
  type RetryState,
} from './retry-schedule.ts'

/** When a delivery is sent, in ms since the epoch. */
const DueTimeSchema = z
  .number()
  .min(0)
  .max(latestTime + maxDelayMs)

/** A delivery that has not ended: it is queued, stored, or waits for its time. Rules: WH-10, WH-11. */
const UnfinishedDeliverySchema = z.strictObject({
  /** Its event in the retry schedule, if it is stored or delayed. Rule: WH-11. */
  event: HeldEventSchema.exactOptional(),
  /** When it is sent, in ms since the epoch; absent if it is queued or stored. */
  dueAt: DueTimeSchema.exactOptional(),
  /** The number of the attempt that is due, for a webhook with `max_retries`. Rule: WH-10. */
  attempt: z.int().min(2).exactOptional(),
  delivery: SavedDeliverySchema.extend({
    deliveryId: z.string().regex(/^delivery-\d+$/),
    attempts: SavedDeliverySchema.shape.attempts.unwrap(),
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
  retryAt: DueTimeSchema.exactOptional(),
  failing: boundedArray(z.string()),
  lastOfOutage: z.int(),
  retentionMs: z.int().min(0),
  /** By arrival. */
  events: boundedArray(UnfinishedDeliverySchema),
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

/** The state of a delivery by the fields beside it. */
const stateOf = ({ event, dueAt }: UnfinishedDelivery) =>
  event !== undefined && dueAt === undefined ? 'stored' : 'pending'

/** The contradictions of a delivery with its event, its time and its attempt. Rules: WH-10, WH-11. */
function* findDeliveryContradictions(
  unfinished: UnfinishedDelivery,
  clientId: string,
): Generator<Contradiction> {
  const { event, attempt, dueAt, delivery } = unfinished
  if (event && attempt !== undefined)
    yield { path: ['attempt'], expected: 'no value beside "event"', received: attempt }
  else if (!event && (attempt === undefined) !== (dueAt === undefined)) {
    const expected = attempt === undefined ? 'no value' : 'the time of the attempt'
    yield { path: ['dueAt'], expected, received: dueAt }
  }
  const { deliveryId, createdAt, conversationId, state } = delivery
  const sameAsEvent = {
    id: deliveryId,
    arrival: toArrival(deliveryId),
    arrivedAt: createdAt,
    conversationId,
  }
  for (const name of ['id', 'arrival', 'arrivedAt', 'conversationId'] as const) {
    const { [name]: expected } = sameAsEvent
    if (event !== undefined && event[name] !== expected)
      yield {
        path: ['event', name],
        expected: `${expected}, as of the delivery`,
        received: event[name],
      }
  }
  if (state !== stateOf(unfinished)) {
    const expected = `${stateOf(unfinished)}, by the fields beside the delivery`
    yield { path: ['delivery', 'state'], expected, received: state }
  }
  if (delivery.clientId !== clientId) {
    const expected = `${clientId}, as of the install`
    yield { path: ['delivery', 'clientId'], expected, received: delivery.clientId }
  }
}

/** The contradictions of the deliveries of one install; each has arrived after the one before. */
function* findInstallContradictions(
  { clientId, events }: InstallSnapshot,
  lastNumber: number,
  arrivals: Set<number>,
): Generator<Contradiction> {
  let last = 0
  for (const [index, event] of events.entries()) {
    const { deliveryId } = event.delivery
    const arrival = toArrival(deliveryId)
    const isOwn = toDeliveryId(arrival) === deliveryId && !arrivals.has(arrival)
    if (!isOwn || arrival <= last || arrival > lastNumber) {
      const expected = `an id of its own after ${toDeliveryId(last)}, up to ${toDeliveryId(lastNumber)}`
      const path = ['events', index, 'delivery', 'deliveryId']
      yield { path, expected, received: deliveryId }
    }
    arrivals.add(arrival)
    last = Math.max(last, arrival)
    for (const { path, ...found } of findDeliveryContradictions(event, clientId))
      yield { path: ['events', index, ...path], ...found }
  }
}

function* findWebhookContradictions({
  lastNumber,
  installs,
}: {
  readonly lastNumber: number
  readonly installs: readonly InstallSnapshot[]
}): Generator<Contradiction> {
  const clientIds = new Set<string>()
  const arrivals = new Set<number>()
  for (const [index, install] of installs.entries()) {
    const { clientId } = install
    if (clientIds.has(clientId)) {
      const expected = 'a client id that no other install has'
      yield { path: ['installs', index, 'clientId'], expected, received: clientId }
    }
    clientIds.add(clientId)
    for (const { path, ...found } of findInstallContradictions(install, lastNumber, arrivals))
      yield { path: ['installs', index, ...path], ...found }
  }
}

/** The state of an account's webhooks as JSON. Rule: WH-11. */
export const WebhooksSnapshotSchema = z
  .strictObject({
    /** The number in the id of the last delivery. */
    lastNumber: z
      .int()
      .min(0)
      .max(2 ** 52),
    installs: boundedArray(InstallSnapshotSchema),
  })
  .check(refuseContradictions(findWebhookContradictions))
export type WebhooksSnapshot = z.output<typeof WebhooksSnapshotSchema>

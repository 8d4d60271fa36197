import type { ActingWebhookFault } from '../faults/webhook-fault.ts'
import type { DeliveryRecord } from './delivery-log.ts'
import type { HeldEvent } from './retry-schedule.ts'
import { toArrival, toDeliveryId, type UnfinishedDelivery } from './webhooks-snapshot.ts'

/** A delivery that has not ended. */
export interface Job {
  readonly record: DeliveryRecord
  readonly arrival: number
  fault?: ActingWebhookFault | undefined
  /** Its event in the retry schedule. Rule: WH-11. */
  event?: HeldEvent
  /** When it is sent, in ms since the epoch; `undefined` unless it waits for that. */
  dueAt?: number | undefined
  /** The number of the attempt that waits. Rule: WH-10. */
  attempt?: number
}

/** A copy for snapshots and the data folder: attempts without their headers and responses. */
const toSaved = ({ attempts, ...delivery }: DeliveryRecord): UnfinishedDelivery['delivery'] => ({
  ...delivery,
  attempts: attempts.map(({ headers: _headers, response: _response, ...saved }) => saved),
})

/** A copy; a queued or retried delivery has no event of the retry schedule, a stored or delayed one has. */
function toUnfinished({ record, event, dueAt, attempt }: Job): UnfinishedDelivery {
  const isHeld = record.state === 'stored' || (dueAt !== undefined && attempt === undefined)
  return structuredClone({
    delivery: toSaved(record),
    ...(event && isHeld && { event }),
    ...(dueAt !== undefined && { dueAt }),
    ...(attempt !== undefined && { attempt }),
  })
}

/** The delivery of a copy, which it shares nothing with. */
export function toJob(unfinished: UnfinishedDelivery): Job {
  const { delivery, ...waiting } = structuredClone(unfinished)
  return { record: delivery, arrival: toArrival(delivery.deliveryId), ...waiting }
}

/** The deliveries of an install that have not ended. A delivery is added with the change that it reports, and persisted with it. */
export class Outbox {
  readonly #markDirty: (arrival: number) => void
  readonly #publish: (record: DeliveryRecord) => void
  /** By delivery id. */
  readonly #jobs = new Map<string, Job>()

  /** `markDirty` is called with the arrival of each delivery that changes, `publish` with the record of one that waits for a time. */
  constructor(markDirty: (arrival: number) => void, publish: (record: DeliveryRecord) => void) {
    this.#markDirty = markDirty
    this.#publish = publish
  }

  get isEmpty(): boolean {
    return this.#jobs.size === 0
  }

  add(job: Job): void {
    this.#jobs.set(job.record.deliveryId, job)
    this.#markDirty(job.arrival)
  }

  find(deliveryId: string): Job | undefined {
    return this.#jobs.get(deliveryId)
  }

  /** Changes when a delivery is sent; `undefined` for a time that is over. */
  setDueAt(job: Job, dueAt: number | undefined, attempt?: number): void {
    job.dueAt = dueAt
    if (attempt !== undefined) job.attempt = attempt
    this.#markDirty(job.arrival)
    if (dueAt === undefined) delete job.record.nextAttemptAt
    else {
      job.record.nextAttemptAt = dueAt
      this.#publish(job.record)
    }
  }

  /** Reports that a delivery was attempted or stored, so that it waits for no time. */
  changed(job: Job): void {
    if (this.find(job.record.deliveryId) === job) delete job.record.nextAttemptAt
    this.#markDirty(job.arrival)
  }

  /** Removes a delivery that has ended. */
  remove({ record, arrival }: Job): void {
    this.#jobs.delete(record.deliveryId)
    this.#markDirty(arrival)
  }

  /** The arrivals of all deliveries. */
  arrivals(): number[] {
    return [...this.#jobs.values()].map(({ arrival }) => arrival)
  }

  /** A copy of a delivery, by its arrival. */
  show(arrival: number): UnfinishedDelivery | undefined {
    const job = this.#jobs.get(toDeliveryId(arrival))
    return job && toUnfinished(job)
  }

  /** Copies of all deliveries, by arrival. */
  list(): UnfinishedDelivery[] {
    return [...this.#jobs.values()].toSorted((a, b) => a.arrival - b.arrival).map(toUnfinished)
  }
}

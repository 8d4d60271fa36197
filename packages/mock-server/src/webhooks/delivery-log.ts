import { webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'
import { RecordLog } from '../journal/record-log.ts'
import type { Logger } from '../logger.ts'
import type { PublishedDelivery, Updates } from '../updates.ts'
import { type Attempt, type Delivery, DeliveryStateSchema, type SignatureView } from './delivery.ts'
import { toArrival } from './webhooks-snapshot.ts'

/** Match criteria of deliveries; an omitted field matches any. */
export const DeliveryQuerySchema = z.strictObject({
  conversationId: z.string().exactOptional(),
  eventType: z.enum(webhookEventTypes).exactOptional(),
  state: DeliveryStateSchema.exactOptional(),
})
export type DeliveryQuery = z.output<typeof DeliveryQuerySchema>

/** A delivery that may still change. */
export type DeliveryRecord = {
  -readonly [Name in keyof Omit<Delivery, 'attempts' | 'signature'>]: Delivery[Name]
} & { readonly attempts: Attempt[] }

const matches = (
  delivery: DeliveryRecord,
  { conversationId, eventType, state }: DeliveryQuery,
): boolean =>
  (conversationId === undefined || delivery.conversationId === conversationId) &&
  (eventType === undefined || delivery.eventType === eventType) &&
  (state === undefined || delivery.state === state)

/** The way out of an attempt that no endpoint accepted. */
const advice: Readonly<Record<string, string>> = {
  timeout: 'it did not answer in time: answer before the work is done',
  refused: "nothing listens there: start the receiver, or correct the app's endpoint",
  reset: 'it closed the connection without an answer',
  unreachable: "its name or address is unknown here: correct the app's endpoint",
}

/** Logs each attempt that was not accepted, with what to do; of an endpoint its origin only. Rule: WH-9. */
export function logFailedAttempts(log: Logger, updates: Updates): void {
  const logged = new WeakMap<PublishedDelivery, number>()
  updates.subscribe('delivery', ({ accountId, delivery }) => {
    const { deliveryId, conversationId, eventType, endpoint, attempts } = delivery
    const outcome = attempts.at(-1)?.outcome
    if (outcome === undefined || outcome === 200 || outcome === 201) return
    if (logged.get(delivery) === attempts.length) return
    logged.set(delivery, attempts.length)
    const reason = advice[outcome] ?? `it answered ${outcome}, and has to answer 200 or 201`
    const { origin } = new URL(endpoint)
    log.warn(
      {
        accountId,
        deliveryId,
        conversationId,
        eventType,
        endpoint: origin,
        attempt: attempts.length,
      },
      `a webhook was not accepted: ${reason}`,
    )
  })
}

interface DeliveryLogOptions {
  readonly accountId: string
  readonly updates: Updates
  /** Maximum number of deliveries; older ones are evicted and counted. */
  readonly maxDeliveries: number
  readonly toSignature: (record: DeliveryRecord) => SignatureView
}

/** The newest deliveries of one account, oldest first. */
export class DeliveryLog extends RecordLog<DeliveryRecord, { readonly accountId: string }> {
  readonly #options: DeliveryLogOptions
  #dropped = 0

  constructor(options: DeliveryLogOptions) {
    const { accountId, updates } = options
    super({ accountId, subscribe: listener => updates.subscribe('delivery', listener) })
    this.#options = options
  }

  /** The number of evicted deliveries. */
  get dropped(): number {
    return this.#dropped
  }

  add(record: DeliveryRecord): void {
    this.records.push(record)
    while (this.length > this.#options.maxDeliveries) {
      this.records.shift()
      this.#dropped += 1
    }
    this.publish(record)
  }

  /** Publishes that a delivery has changed. */
  publish(delivery: DeliveryRecord): void {
    const { accountId, updates } = this.#options
    void updates.publish('delivery', { accountId, delivery })
  }

  find(deliveryId: string): DeliveryRecord | undefined {
    return this.records.find(record => record.deliveryId === deliveryId)
  }

  /** A copy of a delivery. */
  show(deliveryId: string): Delivery | undefined {
    const record = this.find(deliveryId)
    return record && this.toView(record)
  }

  /** Copies of the deliveries that match. */
  list(query: DeliveryQuery = {}): Delivery[] {
    return this.#select(query).map(record => this.toView(record))
  }

  /** Copies of the newest `limit` of the deliveries that match, before one if its id is given, and whether there are older ones. */
  listPage(
    query: DeliveryQuery,
    { before, limit }: { readonly before?: string; readonly limit: number },
  ): { readonly page: Delivery[]; readonly hasMore: boolean } {
    const isBefore = ({ deliveryId }: DeliveryRecord): boolean =>
      before === undefined || toArrival(deliveryId) < toArrival(before)
    const older = this.#select(query).filter(isBefore)
    const page = older.slice(-limit).map(record => this.toView(record))
    return { page, hasMore: older.length > limit }
  }

  /** A copy of a delivery, which need not be in the log any more. */
  toView(record: DeliveryRecord): Delivery {
    const signature = this.#options.toSignature(record)
    return { ...record, attempts: [...record.attempts], signature }
  }

  /** Resolves with `true` once `count` deliveries match, with `false` at the timeout, when the log is closed or the signal is aborted. */
  async waitFor(
    query: DeliveryQuery,
    { count, timeoutMs }: { readonly count: number; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const isMet = () => this.#select(query).length >= count
    if (isMet()) return true
    let isChecking = false
    const onUpdate = (_: unknown, end: () => void) => {
      if (isChecking) return
      isChecking = true
      // One check for all changes of a tick.
      setImmediate(() => {
        isChecking = false
        if (isMet()) end()
      })
    }
    await this.wait(timeoutMs, onUpdate, signal)
    return isMet()
  }

  #select(query: DeliveryQuery): DeliveryRecord[] {
    return this.records.toArray().filter(record => matches(record, query))
  }
}

import { webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'
import { type Delivery, DeliveryStateSchema } from './delivery.ts'

/** Which deliveries are meant; all where nothing is given. */
export const DeliveryQuerySchema = z.strictObject({
  conversationId: z.string().exactOptional(),
  eventType: z.enum(webhookEventTypes).exactOptional(),
  state: DeliveryStateSchema.exactOptional(),
})
export type DeliveryQuery = z.output<typeof DeliveryQuerySchema>

/** A delivery while it is under way. */
export type DeliveryRecord = {
  -readonly [Name in keyof Omit<Delivery, 'attempts'>]: Delivery[Name]
} & { readonly attempts: Delivery['attempts'][number][] }

/** Waits until a number of deliveries match. */
interface Waiter {
  readonly query: DeliveryQuery
  readonly count: number
  readonly resolve: () => void
}

const isMeant = (
  delivery: DeliveryRecord,
  { conversationId, eventType, state }: DeliveryQuery,
): boolean =>
  (conversationId === undefined || delivery.conversationId === conversationId) &&
  (eventType === undefined || delivery.eventType === eventType) &&
  (state === undefined || delivery.state === state)

const toView = (record: DeliveryRecord): Delivery => ({ ...record, attempts: [...record.attempts] })

/** The deliveries of one account, oldest first; the oldest make room for new ones and are counted. */
export class DeliveryLog {
  readonly #maxDeliveries: number
  readonly #records = new Map<string, DeliveryRecord>()
  readonly #waiters = new Set<Waiter>()
  #dropped = 0
  #isLooking = false

  constructor(maxDeliveries: number) {
    this.#maxDeliveries = maxDeliveries
  }

  /** How many deliveries are no longer kept. */
  get dropped(): number {
    return this.#dropped
  }

  add(record: DeliveryRecord): void {
    this.#records.set(record.deliveryId, record)
    for (const deliveryId of this.#records.keys()) {
      if (this.#records.size <= this.#maxDeliveries) break
      this.#records.delete(deliveryId)
      this.#dropped += 1
    }
    this.noteChange()
  }

  /** The delivery itself. */
  find(deliveryId: string): DeliveryRecord | undefined {
    return this.#records.get(deliveryId)
  }

  /** Shows a delivery as it is now. */
  show(deliveryId: string): Delivery | undefined {
    const record = this.#records.get(deliveryId)
    return record && toView(record)
  }

  /** Shows deliveries as they are now; what happens later does not change the views. */
  list(query: DeliveryQuery = {}): Delivery[] {
    return [...this.#records.values()].filter(record => isMeant(record, query)).map(toView)
  }

  /** Lets those go on whose deliveries are there; many changes at once are looked at once. */
  noteChange(): void {
    if (this.#waiters.size === 0 || this.#isLooking) return
    this.#isLooking = true
    setImmediate(() => {
      this.#isLooking = false
      for (const waiter of this.#waiters) if (this.#isMet(waiter)) waiter.resolve()
    })
  }

  /** Resolves once `count` deliveries match, or after `timeoutMs` of wall time, and says which it was. */
  async waitFor(
    query: DeliveryQuery,
    { count, timeoutMs }: { readonly count: number; readonly timeoutMs: number },
  ): Promise<boolean> {
    if (this.#isMet({ query, count })) return true
    await new Promise<void>(resolve => {
      const waiter: Waiter = {
        query,
        count,
        resolve: () => {
          clearTimeout(timer)
          this.#waiters.delete(waiter)
          resolve()
        },
      }
      const timer = setTimeout(waiter.resolve, timeoutMs)
      this.#waiters.add(waiter)
    })
    return this.#isMet({ query, count })
  }

  /** Lets all who wait go, met or not. */
  release(): void {
    for (const { resolve } of this.#waiters) resolve()
  }

  #isMet({ query, count }: Omit<Waiter, 'resolve'>): boolean {
    let found = 0
    for (const record of this.#records.values()) {
      if (isMeant(record, query)) found += 1
      if (found === count) return true
    }
    return false
  }
}

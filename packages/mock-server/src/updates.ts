import type { CallUpdate } from './journal/journal.ts'
import type { ModelEvent } from './model/command.ts'
import type { ConversationState } from './model/conversation-state.ts'

/** A webhook delivery that is persisted with the change of a conversation that it reports. */
export interface CreatedDelivery {
  /** Starts it, once it is persisted; returns a promise only if the response to the call must wait for its first attempt. */
  start(): Promise<void> | void
  /** Forgets it, because its change could not be persisted. */
  discard(): void
}

/** A conversation has changed, and the change is persisted. */
export interface ConversationUpdate {
  readonly accountId: string
  /** The state after the change. */
  readonly state: ConversationState
  readonly events: readonly ModelEvent[]
  /** The deliveries of its notifications, persisted with the change. */
  readonly deliveries: readonly CreatedDelivery[]
}

/** A webhook delivery was created, attempted, or changed its state. */
interface DeliveryUpdate {
  readonly accountId: string
  readonly delivery: PublishedDelivery
}

/** The facts of a delivery that are published. */
export interface PublishedDelivery {
  readonly deliveryId: string
  readonly conversationId: string
  readonly eventType: string
  readonly endpoint: string
  readonly attempts: readonly { readonly outcome: number | string }[]
  readonly nextAttemptAt?: number
}

/** A fault has acted on a call, a delivery or an attempt. */
interface FaultUpdate {
  readonly accountId: string
  readonly faultId: string
}

/** The settings of an account have changed. */
interface SettingsUpdate {
  readonly accountId: string
}

/** An account was reset or its state replaced by a snapshot, or all of them were reset. */
interface ResetUpdate {
  readonly accountId: string | undefined
}

/** An account's clock was frozen, advanced, resumed, restored or reset. */
interface ClockUpdate {
  readonly accountId: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly frozen: boolean
}

/** The updates to subscribe to. */
interface UpdateByType {
  readonly conversation: ConversationUpdate
  readonly call: CallUpdate
  readonly delivery: DeliveryUpdate
  readonly clock: ClockUpdate
  readonly fault: FaultUpdate
  readonly settings: SettingsUpdate
  readonly reset: ResetUpdate
}

type UpdateType = keyof UpdateByType

/**
 * Runs synchronously for each update, in order; must not throw. The response to a call is delayed until the promise of a conversation
 * listener settles; promises of other listeners are ignored.
 */
export type UpdateListener<Type extends UpdateType> = (
  update: UpdateByType[Type],
) => Promise<void> | undefined | void

/** The one publish/subscribe hub of the mock: webhooks, bots and waits subscribe here. */
export class Updates {
  readonly #listeners: { readonly [Type in UpdateType]: Set<UpdateListener<Type>> } = {
    conversation: new Set(),
    call: new Set(),
    delivery: new Set(),
    clock: new Set(),
    fault: new Set(),
    settings: new Set(),
    reset: new Set(),
  }

  /** Calls the listener for each update of a type; returns a function that unsubscribes it. */
  subscribe<Type extends UpdateType>(type: Type, listener: UpdateListener<Type>): () => void {
    this.#listeners[type].add(listener)
    return () => void this.#listeners[type].delete(listener)
  }

  /** Notifies the subscribers of a type; returns a promise only where a subscriber did. */
  publish<Type extends UpdateType>(
    type: Type,
    update: UpdateByType[Type],
  ): Promise<void> | undefined {
    const pending: Promise<void>[] = []
    for (const listener of this.#listeners[type]) {
      const settled = listener(update)
      if (settled) pending.push(settled)
    }
    if (pending.length <= 1) return pending[0]
    return Promise.all(pending).then(() => undefined)
  }
}

import type { Schedule } from './schedule.ts'

/** Where a numbered event stands. Rules: SEQ-1, SEQ-3. */
export interface WebhookPlace {
  readonly dialogId: string
  readonly sequence: number
}

/** How the events of one conversation are put in order. */
export interface WebhookOrderOptions<Item> {
  /** How long an item waits for lower numbers. */
  readonly withinMs: number
  readonly schedule: Schedule
  readonly release: (item: Item, isLate: boolean) => void
  /** Told of the numbers that `item` has waited for in vain. */
  readonly onGap: (missing: { readonly from: number; readonly to: number }, item: Item) => void
}

/** The events of one conversation that wait for lower numbers. */
export interface WebhookOrder<Item> {
  /** Claims that items wait. */
  readonly isHolding: () => boolean
  /**
   * Releases an item at once, or once it is its turn. One without a place goes after those that came
   * before it.
   */
  readonly push: (item: Item, place: WebhookPlace | undefined) => void
  /** Takes the last release of a dialog back, so that the same number is the next again. */
  readonly retract: (place: WebhookPlace) => void
  /** Releases all that waits. */
  readonly flush: () => void
}

interface Held<Item> {
  readonly item: Item
  readonly place: WebhookPlace | undefined
  cancel: () => void
}

/** Puts the numbered events of each dialog in order; the first that is released sets the start. */
export function createWebhookOrder<Item>(options: WebhookOrderOptions<Item>): WebhookOrder<Item> {
  const { withinMs, schedule, release, onGap } = options
  const nexts = new Map<string, number>()
  /** In order of arrival. */
  const held: Held<Item>[] = []

  const isDue = ({ place }: Held<Item>, index: number): boolean =>
    place ? place.sequence <= (nexts.get(place.dialogId) ?? 0) : index === 0

  const letGo = ({ item, place, cancel }: Held<Item>): void => {
    cancel()
    if (!place) {
      release(item, false)
      return
    }
    const next = nexts.get(place.dialogId) ?? 0
    nexts.set(place.dialogId, Math.max(next, place.sequence + 1))
    release(item, place.sequence < next)
  }

  const drain = (): void => {
    for (;;) {
      const index = held.findIndex(isDue)
      const [entry] = index === -1 ? [] : held.splice(index, 1)
      if (!entry) return
      letGo(entry)
    }
  }

  const lowestOf = (dialogId: string): number =>
    held.reduce(
      (lowest, { place }) =>
        place?.dialogId === dialogId ? Math.min(lowest, place.sequence) : lowest,
      Number.POSITIVE_INFINITY,
    )

  const stopWaiting = (entry: Held<Item>, { dialogId }: WebhookPlace): void => {
    while (held.includes(entry)) {
      const lowest = lowestOf(dialogId)
      const next = nexts.get(dialogId)
      // Before the first release nothing is known to be missing: the process may have been restarted.
      if (next !== undefined) onGap({ from: next, to: lowest - 1 }, entry.item)
      nexts.set(dialogId, lowest)
      drain()
    }
  }

  return {
    isHolding: () => held.length > 0,
    push(item, place) {
      const entry: Held<Item> = { item, place, cancel: () => {} }
      held.push(entry)
      drain()
      if (!place || !held.includes(entry)) return
      if (withinMs === 0) {
        stopWaiting(entry, place)
        return
      }
      entry.cancel = schedule(() => stopWaiting(entry, place), withinMs)
    },
    retract({ dialogId, sequence }) {
      if (nexts.get(dialogId) === sequence + 1) nexts.set(dialogId, sequence)
    },
    flush() {
      for (;;) {
        const entry = held.find(({ place }) => place)
        if (!entry?.place) return
        stopWaiting(entry, entry.place)
      }
    },
  }
}

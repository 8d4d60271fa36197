import type { Schedule } from './schedule.ts'

/** Dialog and number of an event. Rules: SEQ-1, SEQ-3. */
export interface EventPosition {
  readonly dialogId: string
  readonly sequence: number
}

export interface ReorderBufferOptions<Item> {
  /** Maximum time that an item waits for lower numbers, in ms. */
  readonly withinMs: number
  readonly schedule: Schedule
  readonly release: (item: Item, isLate: boolean) => void
  /** Called with the numbers for which `item` waited in vain. */
  readonly onGap: (missing: { readonly from: number; readonly to: number }, item: Item) => void
}

/** Reorder buffer of one conversation. */
export interface ReorderBuffer<Item> {
  /** Whether any item is buffered. */
  readonly isHolding: () => boolean
  /** Buffers an item until its turn. Items without a position keep their arrival order. */
  readonly push: (item: Item, position: EventPosition | undefined) => void
  /** Reverts the last release of a dialog: its number is expected again. */
  readonly retract: (position: EventPosition) => void
  /** Releases all buffered items in order. */
  readonly flush: () => void
}

interface Held<Item> {
  readonly item: Item
  readonly position: EventPosition | undefined
  cancel: () => void
}

/** Creates a buffer that releases the events of each dialog by number; the first release sets the start. */
export function createReorderBuffer<Item>(
  options: ReorderBufferOptions<Item>,
): ReorderBuffer<Item> {
  const { withinMs, schedule, release, onGap } = options
  /** Next expected number of each dialog. */
  const expected = new Map<string, number>()
  /** In order of arrival. */
  const held: Held<Item>[] = []

  const isDue = ({ position }: Held<Item>, index: number): boolean =>
    position ? position.sequence <= (expected.get(position.dialogId) ?? 0) : index === 0

  const dequeue = ({ item, position, cancel }: Held<Item>): void => {
    cancel()
    if (!position) {
      release(item, false)
      return
    }
    const next = expected.get(position.dialogId) ?? 0
    expected.set(position.dialogId, Math.max(next, position.sequence + 1))
    release(item, position.sequence < next)
  }

  const drain = (): void => {
    for (;;) {
      const index = held.findIndex(isDue)
      const [entry] = index === -1 ? [] : held.splice(index, 1)
      if (!entry) return
      dequeue(entry)
    }
  }

  const lowestOf = (dialogId: string): number =>
    held.reduce(
      (lowest, { position }) =>
        position?.dialogId === dialogId ? Math.min(lowest, position.sequence) : lowest,
      Number.POSITIVE_INFINITY,
    )

  const stopWaiting = (entry: Held<Item>, { dialogId }: EventPosition): void => {
    while (held.includes(entry)) {
      const lowest = lowestOf(dialogId)
      const next = expected.get(dialogId)
      // Before the first release no number is known to be missing: the process may have restarted.
      if (next !== undefined) onGap({ from: next, to: lowest - 1 }, entry.item)
      expected.set(dialogId, lowest)
      drain()
    }
  }

  return {
    isHolding: () => held.length > 0,
    push(item, position) {
      const entry: Held<Item> = { item, position, cancel: () => {} }
      held.push(entry)
      drain()
      if (!position || !held.includes(entry)) return
      if (withinMs === 0) {
        stopWaiting(entry, position)
        return
      }
      entry.cancel = schedule(() => stopWaiting(entry, position), withinMs)
    },
    retract({ dialogId, sequence }) {
      if (expected.get(dialogId) === sequence + 1) expected.set(dialogId, sequence)
    },
    flush() {
      for (;;) {
        const entry = held.find(({ position }) => position)
        if (!entry?.position) return
        stopWaiting(entry, entry.position)
      }
    },
  }
}

import { setImmediate } from 'node:timers/promises'
import { createLruMap } from './lru-map.ts'
import { createWebhookOrder, type WebhookOrder, type WebhookPlace } from './reorder-buffer.ts'
import type { Schedule } from './schedule.ts'

/** An event on its way to its handler. */
interface LineItem {
  readonly place: WebhookPlace | undefined
  /** Runs the handler and tells whether it succeeded; it never rejects. */
  readonly run: (isLate: boolean) => Promise<boolean>
  /** Takes what `run` gave, once the line is ready for a repeat. */
  readonly settle: (isHandled: boolean) => void
  readonly onGap: (missing: { readonly from: number; readonly to: number }) => void
}

/** How conversations are kept apart. */
export interface WebhookLinesOptions {
  /** How many conversations are remembered; those with work to do stay in any case. */
  readonly capacity: number
  readonly reorderWithinMs: number
  readonly schedule: Schedule
  /** Claims that an event whose handler failed is delivered again. */
  readonly isRepeated: boolean
}

/** The events of many conversations, one line each. */
export interface WebhookLines {
  readonly push: (conversation: string, item: LineItem) => void
  /** Lets everything go that waits for lower numbers. */
  readonly flush: () => void
}

/** One conversation: what waits for its turn, and the last of what runs. */
interface Line {
  readonly order: WebhookOrder<LineItem>
  tail: Promise<void>
  running: number
}

/** Runs the events of a conversation in order and one at a time, whatever other conversations do. */
export function createWebhookLines(options: WebhookLinesOptions): WebhookLines {
  const lines = createLruMap<Line>(
    options.capacity,
    ({ running, order }) => running === 0 && !order.isHolding(),
  )

  const run = async (line: Line, item: LineItem, isLate: boolean): Promise<void> => {
    // The answer to the delivery goes out first, however long the handler keeps the thread.
    await setImmediate()
    const isHandled = await item.run(isLate)
    if (!isHandled && options.isRepeated && item.place) line.order.retract(item.place)
    line.running -= 1
    item.settle(isHandled)
  }

  const createLine = (): Line => {
    const order = createWebhookOrder<LineItem>({
      withinMs: options.reorderWithinMs,
      schedule: options.schedule,
      release(item, isLate) {
        line.running += 1
        line.tail = line.tail.then(() => run(line, item, isLate))
      },
      onGap: (missing, item) => item.onGap(missing),
    })
    const line: Line = { order, tail: Promise.resolve(), running: 0 }
    return line
  }

  return {
    push(conversation, item) {
      const line = lines.get(conversation) ?? createLine()
      line.order.push(item, item.place)
      lines.set(conversation, line)
    },
    flush() {
      for (const { order } of lines.values()) order.flush()
    },
  }
}

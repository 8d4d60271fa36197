import { setImmediate } from 'node:timers/promises'
import { createLruMap } from '../lru-map.ts'
import { createReorderBuffer, type EventPosition, type ReorderBuffer } from './reorder-buffer.ts'
import type { Schedule } from './schedule.ts'

interface QueuedEvent {
  readonly position: EventPosition | undefined
  /** Runs the handler; resolves with whether it succeeded and never rejects. */
  readonly run: (isLate: boolean) => Promise<boolean>
  /** Called with the result of `run`, once the queue accepts a redelivery. */
  readonly settle: (isHandled: boolean) => void
  readonly onGap: (missing: { readonly from: number; readonly to: number }) => void
}

export interface ConversationQueuesOptions {
  /** Maximum number of idle conversations; busy ones are never evicted. */
  readonly capacity: number
  readonly reorderWithinMs: number
  readonly schedule: Schedule
  /** Whether an event whose handler failed is delivered again. */
  readonly isRedelivered: boolean
}

/** FIFO queue of events per conversation. */
export interface ConversationQueues {
  readonly push: (conversation: string, event: QueuedEvent) => void
  /** Releases all reorder buffers. */
  readonly flush: () => void
}

interface ConversationQueue {
  readonly buffer: ReorderBuffer<QueuedEvent>
  tail: Promise<void>
  running: number
}

/** Creates queues that run one handler per conversation at a time; conversations are independent. */
export function createConversationQueues(options: ConversationQueuesOptions): ConversationQueues {
  const queues = createLruMap<ConversationQueue>(
    options.capacity,
    ({ running, buffer }) => running === 0 && !buffer.isHolding(),
  )

  const run = async (
    queue: ConversationQueue,
    event: QueuedEvent,
    isLate: boolean,
  ): Promise<void> => {
    // Lets the response to the delivery go out first, however long the handler blocks the thread.
    await setImmediate()
    const isHandled = await event.run(isLate)
    if (!isHandled && options.isRedelivered && event.position) queue.buffer.retract(event.position)
    queue.running -= 1
    event.settle(isHandled)
  }

  const createQueue = (): ConversationQueue => {
    const buffer = createReorderBuffer<QueuedEvent>({
      withinMs: options.reorderWithinMs,
      schedule: options.schedule,
      release(event, isLate) {
        queue.running += 1
        queue.tail = queue.tail.then(() => run(queue, event, isLate))
      },
      onGap: (missing, event) => event.onGap(missing),
    })
    const queue: ConversationQueue = { buffer, tail: Promise.resolve(), running: 0 }
    return queue
  }

  return {
    push(conversation, event) {
      const queue = queues.get(conversation) ?? createQueue()
      queue.buffer.push(event, event.position)
      queues.set(conversation, queue)
    },
    flush() {
      for (const { buffer } of queues.values()) buffer.flush()
    },
  }
}

import PQueue from 'p-queue'
import type { CallScope } from '../call/deadline.ts'

/** FIFO queue per conversation. */
export interface SendQueues {
  /**
   * Runs `work` once all earlier work of the conversation has settled. Rejects with `toFullError()`
   * if the queue is full, or with the scope's interruption; without `toFullError` the queue is
   * unbounded.
   */
  run<Result>(conversationId: string, queued: QueuedWork<Result>): Promise<Result>
  /** Number of conversations with running or waiting work. */
  readonly size: number
}

interface QueuedWork<Result> {
  readonly scope: CallScope
  readonly work: () => Promise<Result>
  readonly toFullError: (() => Error) | undefined
}

/** The first work runs without a queue, which is allocated on contention only. */
interface SendQueue {
  waiting: PQueue | undefined
  isFirstRunning: boolean
}

/** Creates queues that run one piece of work per conversation, with at most `maxWaiting` behind it. */
export function createSendQueues(maxWaiting: number): SendQueues {
  const queues = new Map<string, SendQueue>()

  const allocate = (conversationId: string, queue: SendQueue): PQueue => {
    const waiting = new PQueue({ concurrency: 1, autoStart: false })
    waiting.on('idle', () => {
      if (!queue.isFirstRunning) queues.delete(conversationId)
    })
    return waiting
  }

  const runFirst = async <Result>(
    conversationId: string,
    { work }: QueuedWork<Result>,
  ): Promise<Result> => {
    const queue: SendQueue = { waiting: undefined, isFirstRunning: true }
    queues.set(conversationId, queue)
    try {
      return await work()
    } finally {
      queue.isFirstRunning = false
      if (queue.waiting === undefined || queue.waiting.size === 0) queues.delete(conversationId)
      else queue.waiting.start()
    }
  }

  const enqueue = <Result>(
    waiting: PQueue,
    { scope, work }: QueuedWork<Result>,
  ): Promise<Result> => {
    const controller = new AbortController()
    scope.onInterruption(interruption => controller.abort(interruption))
    return waiting.add(work, { signal: controller.signal })
  }

  return {
    run(conversationId, queued) {
      const queue = queues.get(conversationId)
      if (queue === undefined) return runFirst(conversationId, queued)
      queue.waiting ??= allocate(conversationId, queue)
      if (queue.waiting.size >= maxWaiting && queued.toFullError !== undefined) {
        return Promise.reject(queued.toFullError())
      }
      return enqueue(queue.waiting, queued)
    },
    get size() {
      return queues.size
    },
  }
}

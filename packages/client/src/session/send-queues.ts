import type { CallScope } from '../call/deadline.ts'

interface QueuedWork<Result> {
  readonly scope: CallScope
  readonly work: () => Promise<Result>
  readonly toFullError: (() => Error) | undefined
}

/** FIFO queue per conversation. */
export interface SendQueues {
  /**
   * Runs `work` once all earlier work of the conversation has settled. Rejects with `toFullError()`
   * if the queue is full, or with the scope's interruption; without `toFullError` the queue is
   * unbounded.
   */
  run<Result>(conversationId: string, queued: QueuedWork<Result>): Promise<Result>
  /** Number of conversations with running work. */
  readonly size: number
}

/** Creates queues that run one piece of work per conversation, with at most `maxWaiting` behind it. */
export function createSendQueues(maxWaiting: number): SendQueues {
  /** Starts the waiting work, by conversation with running work. */
  const queues = new Map<string, (() => void)[]>()

  const waitForTurn = (waiting: (() => void)[], scope: CallScope): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push(resolve)
      scope.onInterruption(interruption => {
        const index = waiting.indexOf(resolve)
        if (index === -1) return
        waiting.splice(index, 1)
        reject(interruption)
      })
    })

  return {
    async run(conversationId, { scope, work, toFullError }) {
      const waiting = queues.get(conversationId)
      if (waiting === undefined) queues.set(conversationId, [])
      else {
        if (waiting.length >= maxWaiting && toFullError !== undefined) throw toFullError()
        await waitForTurn(waiting, scope)
      }
      try {
        if (scope.interruption !== undefined) throw scope.interruption
        return await work()
      } finally {
        const startNext = queues.get(conversationId)?.shift()
        if (startNext === undefined) queues.delete(conversationId)
        else startNext()
      }
    },
    get size() {
      return queues.size
    },
  }
}

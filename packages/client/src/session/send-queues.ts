import PQueue from 'p-queue'
import type { CallScope } from '../call/deadline.ts'

/** Keeps the calls of each conversation in the order in which they were made. */
export interface ConversationLanes {
  /**
   * Runs `work` when all earlier work of the conversation is over, whatever became of it; rejects
   * with what `refuse` gives where too much waits, or with the scope's interruption. Work that
   * nothing refuses waits behind any number.
   */
  run<Result>(conversationId: string, turn: Turn<Result>): Promise<Result>
  /** How many conversations have work that runs or waits. */
  readonly size: number
}

/** Work that takes its turn. */
interface Turn<Result> {
  readonly scope: CallScope
  readonly work: () => Promise<Result>
  readonly refuse: (() => Error) | undefined
}

/** A conversation with work; the first runs at once, so that there is no queue until a second comes. */
interface Lane {
  queue: PQueue | undefined
  firstRuns: boolean
}

/** Runs one piece of work a conversation at a time, and lets at most `maxWaiting` others wait. */
export function createConversationLanes(maxWaiting: number): ConversationLanes {
  const lanes = new Map<string, Lane>()

  const createQueue = (conversationId: string, lane: Lane): PQueue => {
    const queue = new PQueue({ concurrency: 1, autoStart: false })
    queue.on('idle', () => {
      if (!lane.firstRuns) lanes.delete(conversationId)
    })
    return queue
  }

  const runFirst = async <Result>(
    conversationId: string,
    { work }: Turn<Result>,
  ): Promise<Result> => {
    const lane: Lane = { queue: undefined, firstRuns: true }
    lanes.set(conversationId, lane)
    try {
      return await work()
    } finally {
      lane.firstRuns = false
      if (lane.queue === undefined || lane.queue.size === 0) lanes.delete(conversationId)
      else lane.queue.start()
    }
  }

  const waitInLine = <Result>(queue: PQueue, { scope, work }: Turn<Result>): Promise<Result> => {
    const leaving = new AbortController()
    scope.listen(interruption => leaving.abort(interruption))
    return queue.add(work, { signal: leaving.signal })
  }

  return {
    run(conversationId, turn) {
      const lane = lanes.get(conversationId)
      if (lane === undefined) return runFirst(conversationId, turn)
      lane.queue ??= createQueue(conversationId, lane)
      if (lane.queue.size >= maxWaiting && turn.refuse !== undefined) {
        return Promise.reject(turn.refuse())
      }
      return waitInLine(lane.queue, turn)
    },
    get size() {
      return lanes.size
    },
  }
}

import type { ChatState } from '@sendbox/schema'
import type { InFlightCounter } from '../call/in-flight.ts'
import type { CallOptions } from '../call-options.ts'
import { ClientError } from '../errors/client-error.ts'

export interface TypingOptions<Result> {
  readonly work: () => Result | Promise<Result>
  readonly setChatState: (
    chatState: ChatState,
    options: CallOptions,
    /** Whether to run on a closed client and in a full queue. */
    isCleanup?: boolean,
  ) => Promise<void>
  readonly options: CallOptions
}

/** Sets COMPOSING, runs `work` and finally sets ACTIVE. Rule: CS-2. */
export async function typing<Result>(
  inFlight: InFlightCounter,
  { work, setChatState, options }: TypingOptions<Result>,
): Promise<Result> {
  const { timeoutMs } = options
  // Setting a chat state twice has no further effect, and an aborted caller must not stay composing.
  const end = () => setChatState('ACTIVE', { timeoutMs, retryNonIdempotent: true }, true)
  inFlight.enter()
  try {
    try {
      await setChatState('COMPOSING', options)
    } catch (error) {
      if (error instanceof ClientError && error.outcomeUnknown) await end().catch(() => undefined)
      throw error
    }
    let result: Result
    try {
      result = await work()
    } catch (error) {
      await end().catch(() => undefined)
      throw error
    }
    await end()
    return result
  } finally {
    inFlight.leave()
  }
}

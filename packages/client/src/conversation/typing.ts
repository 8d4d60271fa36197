import type { ChatState } from '@sendbox/schema'
import type { CallOptions } from '../call-options.ts'
import { ClientError } from '../errors/client-error.ts'
import type { Session } from '../session/session.ts'

/** Work during which the consumer is shown as composing. */
export interface Typing<Result> {
  readonly work: () => Result | Promise<Result>
  /** What ends COMPOSING is taken whatever waits, and while the client closes. */
  readonly setChatState: (
    chatState: ChatState,
    options: CallOptions & { readonly isEnd?: boolean },
  ) => Promise<void>
  readonly options: CallOptions
}

/** Sets COMPOSING, runs `work`, and sets ACTIVE in any case. Rule: CS-2. */
export async function typeWhile<Result>(
  { gate }: Session,
  { work, setChatState, options }: Typing<Result>,
): Promise<Result> {
  const { timeoutMs } = options
  // A chat state that is set twice acts once, and the end must come even when the caller gave up.
  const end = () => setChatState('ACTIVE', { timeoutMs, mayActTwice: true, isEnd: true })
  gate.enter()
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
    gate.leave()
  }
}

import type { ChatState } from '@sendbox/schema'
import { toUnsentCall } from './call-operation.ts'
import type { CallOptions } from './call-options.ts'
import { ClientClosedError } from './client-closed-error.ts'
import { ClientError } from './client-error.ts'
import type { Session } from './session.ts'

/** Work during which the consumer is shown as composing. */
export interface Typing<Result> {
  readonly work: () => Result | Promise<Result>
  readonly setChatState: (chatState: ChatState, options: CallOptions) => Promise<void>
  readonly options: CallOptions
}

const about = toUnsentCall('send', { purpose: 'Typing', isRepeatable: true })

/** Sets COMPOSING, runs `work`, and sets ACTIVE in any case. Rule: CS-2. */
export async function typeWhile<Result>(
  { gate }: Session,
  { work, setChatState, options }: Typing<Result>,
): Promise<Result> {
  if (gate.isClosed) throw new ClientClosedError(about)
  // A chat state that is set twice acts once, and the end must come even when the caller gave up.
  const end = () => setChatState('ACTIVE', { timeoutMs: options.timeoutMs, mayActTwice: true })
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

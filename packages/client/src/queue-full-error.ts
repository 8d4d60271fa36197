import { ClientError, type FailedCall } from './client-error.ts'

/** Too many calls of one conversation wait for their turn, so nothing was sent; retryable later. */
export class QueueFullError extends ClientError {
  readonly code = 'QUEUE_FULL' as const
  /** How many calls of a conversation may wait. */
  readonly maxWaiting: number

  constructor(call: FailedCall, maxWaiting: number) {
    super(
      `${call.purpose} failed: ${maxWaiting} calls of the conversation wait already, so nothing was sent. Await some of them before you send more, or raise maxWaiting.`,
      call,
      { isRetryable: true, didNotAct: true },
    )
    this.maxWaiting = maxWaiting
  }
}

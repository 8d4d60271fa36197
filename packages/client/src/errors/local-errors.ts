import type { Problem } from '@sendbox/schema'
import { ClientError, type FailedCall } from './client-error.ts'

function nextStep(call: FailedCall): string {
  if (!call.wasSent) return 'Nothing was sent.'
  if (call.isRepeatable) return 'It may have acted; a repeat acts once.'
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/** The caller's `signal` ended the call; `cause` is the signal's reason. Never retryable. */
export class AbortedError extends ClientError {
  readonly code = 'ABORTED' as const

  constructor(call: FailedCall, reason: unknown) {
    super(
      `${call.purpose} failed: its signal ended it before ${call.method} ${call.path} was answered. ${nextStep(call)}`,
      call,
      { isRetryable: false, didNotAct: !call.wasSent, cause: reason },
    )
  }
}

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

/** The client was closed before the call, so nothing was sent; never retryable. */
export class ClientClosedError extends ClientError {
  readonly code = 'CLIENT_CLOSED' as const

  constructor(call: FailedCall) {
    super(
      `${call.purpose} failed: the client is closed, so nothing was sent. Create another client.`,
      call,
      { isRetryable: false, didNotAct: true },
    )
  }
}

/** Why a file cannot be sent. */
export type FileFault = 'unreadable' | 'too-large' | 'unknown-type' | 'refused-type' | 'preview'

/**
 * A file cannot be read or exceeds a limit, so nothing was sent; never retryable. Rules: PUB-4,
 * PUB-5.
 */
export class FileRefusedError extends ClientError {
  readonly code = 'FILE_REFUSED' as const
  readonly fault: FileFault

  constructor(
    call: FailedCall,
    { fault, said, cause }: { fault: FileFault; said: string; cause?: unknown },
  ) {
    super(`${call.purpose} failed: ${said}`, call, {
      isRetryable: false,
      didNotAct: true,
      ...(cause !== undefined && { cause }),
    })
    this.fault = fault
  }
}

/** The request breaks the schema, so nothing was sent; never retryable. Rule: REQ-1. */
export class InvalidRequestError extends ClientError {
  readonly code = 'INVALID_REQUEST' as const
  /** All that is wrong with it, each with its place, its rule and the rule's evidence. */
  readonly problems: readonly Problem[]

  constructor(call: FailedCall, problems: readonly Problem[]) {
    const found = problems.map(problem => problem.message).join('; ')
    super(
      `${call.purpose} failed: ${call.method} ${call.path} was not called, as the request is invalid. ${found}. Correct the request.`,
      call,
      { isRetryable: false, didNotAct: true },
    )
    this.problems = problems
  }
}

/**
 * The service answered with success in a shape that the protocol does not know; never retryable,
 * as the call may have acted.
 */
export class InvalidResponseError extends ClientError {
  readonly code = 'INVALID_RESPONSE' as const

  constructor(call: FailedCall, fault: string, options: { cause?: unknown } = {}) {
    super(
      `${call.purpose} failed: ${call.method} ${call.path} answered with success, but ${fault}. The call may have acted all the same; check that domainApiUrl leads to a Send API v3.`,
      call,
      { isRetryable: false, didNotAct: false, ...options },
    )
  }
}

import type { Problem } from '@sendbox/schema'
import { type CallInfo, ClientError } from './client-error.ts'

function nextStep(call: CallInfo): string {
  if (!call.wasSent) return 'Nothing was sent.'
  if (call.idempotent) return 'It may have acted; a repeat acts once.'
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/** The caller's `signal` aborted the call; `cause` is its reason. Never retryable. */
export class AbortedError extends ClientError {
  readonly code = 'ABORTED' as const

  constructor(call: CallInfo, reason: unknown) {
    super(
      call,
      `its signal ended it before ${call.method} ${call.path} was answered. ${nextStep(call)}`,
      { cause: reason },
    )
  }
}

/** The queue of the conversation is full, so nothing was sent; retryable later. */
export class QueueFullError extends ClientError {
  readonly code = 'QUEUE_FULL' as const
  /** Maximum number of queued calls of one conversation. */
  readonly maxWaiting: number

  constructor(call: CallInfo, maxWaiting: number) {
    super(
      call,
      `${maxWaiting} calls of the conversation wait already, so nothing was sent. Await some of them before you send more, or raise maxWaiting.`,
      { isRetryable: true },
    )
    this.maxWaiting = maxWaiting
  }
}

/** The client is closed, so nothing was sent; never retryable. */
export class ClientClosedError extends ClientError {
  readonly code = 'CLIENT_CLOSED' as const

  constructor(call: CallInfo) {
    super(call, 'the client is closed, so nothing was sent. Create another client.')
  }
}

/** Why a file is refused. */
export type FileProblem = 'unreadable' | 'too-large' | 'unknown-type' | 'refused-type' | 'preview'

/** @deprecated Use {@link FileProblem}. */
export type FileFault = FileProblem

/** An unreadable or invalid file; nothing was sent, never retryable. Rules: PUB-4, PUB-5. */
export class FileRefusedError extends ClientError {
  readonly code = 'FILE_REFUSED' as const
  readonly problem: FileProblem

  constructor(
    call: CallInfo,
    { problem, detail, cause }: { problem: FileProblem; detail: string; cause?: unknown },
  ) {
    super(call, detail, cause === undefined ? {} : { cause })
    this.problem = problem
  }

  /** @deprecated Use `problem`. */
  get fault(): FileProblem {
    return this.problem
  }
}

/** The request violates the schema, so nothing was sent; never retryable. Rule: REQ-1. */
export class InvalidRequestError extends ClientError {
  readonly code = 'INVALID_REQUEST' as const
  /** Each with its JSON Pointer, rule and evidence. */
  readonly problems: readonly Problem[]

  constructor(call: CallInfo, problems: readonly Problem[]) {
    const found = problems.map(problem => problem.message).join('; ')
    super(
      call,
      `${call.method} ${call.path} was not called, as the request is invalid. ${found}. Correct the request.`,
    )
    this.problems = problems
  }
}

/** A success response of unknown shape; never retryable, as it may have been processed. */
export class InvalidResponseError extends ClientError {
  readonly code = 'INVALID_RESPONSE' as const

  constructor(call: CallInfo, problem: string, options: { cause?: unknown } = {}) {
    super(
      call,
      `${call.method} ${call.path} answered with success, but ${problem}. The call may have acted all the same; check that domainApiUrl leads to a Send API v3.`,
      { notProcessed: false, ...options },
    )
  }
}

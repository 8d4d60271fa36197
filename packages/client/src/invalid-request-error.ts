import type { Problem } from '@sendbox/schema'
import { ClientError, type FailedCall } from './client-error.ts'

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

import { ClientError, type FailedCall } from './client-error.ts'

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

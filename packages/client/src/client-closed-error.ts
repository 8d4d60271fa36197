import { ClientError, type FailedCall } from './client-error.ts'

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

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

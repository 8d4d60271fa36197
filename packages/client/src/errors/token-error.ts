import type { AppTokenError } from '@sendbox/schema'
import { ClientError, type FailedCall } from './client-error.ts'

/** The AppJWT was refused in the words of RFC 6749; never retryable. Rule: EP-12. */
export class TokenError extends ClientError {
  readonly code = 'TOKEN_REFUSED' as const
  /** The HTTP status. */
  readonly status: number
  readonly error: AppTokenError['error']
  readonly error_description: string

  constructor(
    call: FailedCall,
    status: number,
    answer: { readonly error: AppTokenError['error']; readonly error_description: string },
  ) {
    super(
      `${call.purpose} failed: ${call.method} ${call.path} answered ${status} ${answer.error}: ${answer.error_description}. Check clientId, clientSecret and accountId.`,
      call,
      { isRetryable: false, didNotAct: true },
    )
    this.status = status
    this.error = answer.error
    this.error_description = answer.error_description
  }
}

import type { AppTokenError } from '@sendbox/schema'
import { type CallInfo, ClientError } from './client-error.ts'

/** The token service refused the credentials, as RFC 6749 defines; never retryable. Rule: EP-12. */
export class TokenError extends ClientError {
  readonly code = 'TOKEN_REFUSED' as const
  readonly status: number
  readonly error: AppTokenError['error']
  readonly error_description: string

  constructor(
    call: CallInfo,
    status: number,
    response: { readonly error: AppTokenError['error']; readonly error_description: string },
  ) {
    super(
      call,
      `${call.method} ${call.path} answered ${status} ${response.error}: ${response.error_description}. Check clientId, clientSecret and accountId.`,
      { notProcessed: true },
    )
    this.status = status
    this.error = response.error
    this.error_description = response.error_description
  }
}

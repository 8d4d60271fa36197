import { ClientError, type FailedCall } from './client-error.ts'

/** Codes of Node and undici for a connection that never stood, so that nothing was sent. */
const unsentCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** undici's codes for a dispatcher that takes no more calls. */
const closedCodes: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''

/** An `AggregateError` of several addresses has a code and no words. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error && cause.message) || codeOf(cause) || 'unknown reason'

function nextStep(call: FailedCall, cause: unknown): string {
  const code = codeOf(cause)
  if (closedCodes.has(code)) return 'Create another client: this one is closed.'
  if (unsentCodes.has(code)) return 'Nothing was sent: check domainApiUrl, then repeat the call.'
  if (call.isRepeatable) return 'Repeat the call.'
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/**
 * No whole answer came: the connection failed, before the request was sent or after. Retryable
 * where nothing was sent, or where a repeat acts once.
 */
export class ConnectionError extends ClientError {
  readonly code = 'CONNECTION_FAILED' as const

  constructor(call: FailedCall, cause: unknown) {
    const code = codeOf(cause)
    super(
      `${call.purpose} failed: no whole answer to ${call.method} ${call.path} (${reasonOf(cause)}). ${nextStep(call, cause)}`,
      {
        isRetryable: !closedCodes.has(code) && (call.isRepeatable || unsentCodes.has(code)),
        cause,
      },
    )
  }
}

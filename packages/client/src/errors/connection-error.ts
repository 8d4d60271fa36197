import { ClientError, type FailedCall } from './client-error.ts'

/** OpenSSL's and Node's codes for a certificate that is not trusted, or is another host's. */
const isCertificateCode = (code: string): boolean =>
  /CERT|UNABLE_TO_(?:GET|VERIFY)|SELF_SIGNED|ALTNAME/.test(code)

/** undici's codes for what no repeat can change: a dispatcher that is closed, a header that cannot be. */
const lastingCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_INVALID_ARG',
])

/** The code of a failure of Node or undici, or an empty text. */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''

/** An `AggregateError` of several addresses has a code and no words. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error && cause.message) || codeOf(cause) || 'unknown reason'

const isLasting = (code: string): boolean => lastingCodes.has(code) || isCertificateCode(code)

function nextStep(call: FailedCall, code: string): string {
  if (isCertificateCode(code)) {
    return 'Nothing was sent: name the authority that signed its certificate in the option ca.'
  }
  if (lastingCodes.has(code)) return 'Check the dispatcher: a repeat fails alike.'
  if (!call.wasSent) return 'Nothing was sent: check domainApiUrl, then repeat the call.'
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
      `${call.purpose} failed: no whole answer to ${call.method} ${call.path} (${reasonOf(cause)}). ${nextStep(call, code)}`,
      call,
      {
        isRetryable: !isLasting(code) && (call.isRepeatable || !call.wasSent),
        didNotAct: !call.wasSent,
        cause,
      },
    )
  }
}

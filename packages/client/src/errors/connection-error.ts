import { type CallInfo, ClientError } from './client-error.ts'

/** OpenSSL's and Node's codes for an untrusted certificate, or another host's. */
const isCertificateCode = (code: string): boolean =>
  /CERT|UNABLE_TO_(?:GET|VERIFY)|SELF_SIGNED|ALTNAME/.test(code)

/** undici's codes that no retry can change: a closed dispatcher, an invalid header. */
const permanentCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_INVALID_ARG',
])

/** The `code` of an error of Node or undici, or an empty string. */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''

/** An `AggregateError` of several addresses has a code and no message. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error && cause.message) || codeOf(cause) || 'unknown reason'

const isPermanent = (code: string): boolean => permanentCodes.has(code) || isCertificateCode(code)

function nextStep(call: CallInfo, code: string): string {
  if (isCertificateCode(code)) {
    return 'Nothing was sent: name the authority that signed its certificate in the option ca.'
  }
  if (permanentCodes.has(code)) return 'Check the dispatcher: a repeat fails alike.'
  if (!call.wasSent) return 'Nothing was sent: check domainApiUrl, then repeat the call.'
  if (call.idempotent) return 'Repeat the call.'
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/** The connection failed. Retryable if nothing was sent or the request is idempotent. */
export class ConnectionError extends ClientError {
  readonly code = 'CONNECTION_FAILED' as const

  constructor(call: CallInfo, cause: unknown) {
    const code = codeOf(cause)
    super(
      call,
      `no whole answer to ${call.method} ${call.path} (${reasonOf(cause)}). ${nextStep(call, code)}`,
      { isRetryable: !isPermanent(code) && (call.idempotent || !call.wasSent), cause },
    )
  }
}

/**
 * Names of fields, parameters and headers whose value is a secret, or may be one, in lower case and without separators; the former hold one at
 * whatever depth.
 */
const secretHolder = /secret|headervalue|privatekey|passw(?:or)?d|passphrase|credential/
const secretName =
  /secret|headervalue|privatekey|passw(?:or)?d|passphrase|credential|(?:tokens?|jwt|jws|jwk|pwd|passcode|auth|authorization|authentication|bearer|cookies?|onbehalf|apikey|accesskey|signingkey|session|sessionid|signature|tempurlsig|csrf|xsrf|assertion)$|^(?:pin|pass|otp|sig)$/

const withoutSeparators = (name: string): string => name.toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** Whether values of this name are secrets, or may be. */
export const isSecretName = (name: string): boolean => secretName.test(withoutSeparators(name))

/** A JWT that begins as JSON does (`{"`, or `{ "`), whole or cut off. */
const jwt = /ey[AJ][\w-]{8,}(?:\.[\w-]*){0,4}/g

/** A secret's name and value inside a text, such as a query, a form or JSON; a problem's `expected` is no value. */
const namedSecret =
  /((?:secret|tokens?|jwt|jws|jwk|passw(?:or)?d|passphrase|pwd|passcode|private[-_]?key|credentials?|on[-_]?behalf|(?:api|access|signing)[-_]?key|session[-_]?id|signature|temp_url_sig|csrf|xsrf|assertion|authentication|(?:\b|_)(?:auth|bearer|session|pin|pass|otp|sig))["'\\]*\s*[:=]\s*["'\\[]*)(?!\s*expected )[^\s"'\\&,;{}[\]]+/gi

/** A header inside a text, or that of a webhook, whose value extends to the end of its line. */
const namedHeader =
  /((?:authorization|cookie|header[-_]?value)["'\\]*\s*[:=]\s*["'\\]*)(?!\s*expected )[^"'\\\r\n]+/gi

const credentials = /\b(Bearer|Basic)\s+[\w.~+/=-]{20,}/gi

/** The user name and password of a URL. */
const urlCredentials = /(:\/\/)[^\s/?#\\]*@/g

const escaped = /(?:%|\\u00)([0-7][\da-f])/gi

/** A quick test: most texts match none of the other patterns. */
const suspicious =
  /ey[AJ]|secret|header[-_]?value|token|jwt|jws|jwk|pass|pwd|_?key|behalf|credential|session|sig|csrf|xsrf|assertion|auth|cookie|bearer|basic|(?:pin|otp)\b|@|%|\\u00/i

/** The maximum nesting of JSON that is shown; recursion beyond it could overflow the stack. */
const maxDepth = 100

/** In characters; shorter secrets occur in ordinary words. */
export const minSecretLength = 6

/** Shown in place of a secret. */
export const redacted = '<redacted>'

const withoutEscapes = (text: string): string =>
  text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const redactGiven = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter(({ length }) => length >= minSecretLength)
    .reduce((shown, secret) => shown.replaceAll(secret, redacted), text)

const redactPlain = (text: string, secrets: readonly string[]): string =>
  redactGiven(text, secrets)
    .replace(jwt, redacted)
    .replace(urlCredentials, `$1${redacted}@`)
    .replace(credentials, `$1 ${redacted}`)
    .replace(namedHeader, `$1${redacted}`)
    .replace(namedSecret, `$1${redacted}`)

/** Redacts tokens, values with a secret's name and the given secrets; decodes escapes only if they hide one. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  if (!suspicious.test(text) && !secrets.some(secret => text.includes(secret))) return text
  const shown = redactPlain(text, secrets)
  const plain = withoutEscapes(shown)
  if (plain === shown) return shown
  const plainShown = redactPlain(plain, secrets)
  return plainShown === plain ? shown : plainShown
}

/** Base64 that a client attaches to a message, which often begins as a token does; a whole token has dots. Rule: REQ-9. */
const isEncodedMetadata = (name: string, value: unknown): value is string =>
  name === 'encodedMetadata' && typeof value === 'string' && /^[\d+/=A-Za-z]*$/.test(value)

const isSecret = (name: string, value: unknown): boolean =>
  isSecretName(name) &&
  (typeof value === 'string' ||
    typeof value === 'number' ||
    Array.isArray(value) ||
    (value !== undefined && secretHolder.test(withoutSeparators(name))))

/** Copies a JSON value, with tokens, secrets and the values of webhook headers, which may be tokens, redacted. */
export function redactSecrets(value: unknown, secrets: readonly string[] = [], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (depth === maxDepth) return `<deeper than ${maxDepth} levels>`
  if (Array.isArray(value)) return value.map(inner => redactSecrets(inner, secrets, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      redactText(name, secrets),
      isSecret(name, inner)
        ? redacted
        : isEncodedMetadata(name, inner)
          ? redactGiven(inner, secrets)
          : redactSecrets(inner, secrets, depth + 1),
    ]),
  )
}

/** A problem that names the place of a value, and quotes it. */
interface QuotingProblem {
  /** A JSON Pointer. */
  readonly path: string
  readonly received: string
  readonly message: string
}

/** Redacts the quoted value of a problem whose place has a secret's name. */
export function redactProblem<Given extends QuotingProblem>(problem: Given): Given {
  const { path, received, message } = problem
  if (received === 'nothing' || !path.split('/').some(isSecretName)) return problem
  return { ...problem, received: redacted, message: message.replace(received, () => redacted) }
}

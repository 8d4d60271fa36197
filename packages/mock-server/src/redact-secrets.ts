/** Names of fields, parameters and headers whose value is a secret, or may be one. */
const secretName =
  /secret|header_value|(?:token|jwt|jws|password|authorization|cookie|on[-_]behalf|api[-_]?key|temp_url_sig)$/i

/** A JWT that begins as JSON does (`{"`, or `{ "`), whole or cut off. */
const jwt = /ey[AJ][\w-]{8,}(?:\.[\w-]*){0,4}/g

/** A secret's name and value inside a text, such as a query, a form or JSON; a problem's `expected` is no value. */
const namedSecret =
  /((?:secret|token|jwt|jws|password|on[-_]behalf|api[-_]?key|temp_url_sig)["'\\]*\s*[:=]\s*["'\\]*)(?!\s*expected )[^\s"'\\&,;{}[\]]+/gi

/** A header inside a text whose value extends to the end of its line. */
const namedHeader =
  /((?:authorization|cookie)["'\\]*\s*[:=]\s*["'\\]*)(?!\s*expected )[^"'\\\r\n]+/gi

const credentials = /\b(Bearer|Basic)\s+[\w.~+/=-]{20,}/gi

/** The user name and password of a URL. */
const urlCredentials = /(:\/\/)[^\s/?#\\]*@/g

const escaped = /(?:%|\\u00)([0-7][\da-f])/gi

/** A quick test: most texts match none of the other patterns. */
const suspicious =
  /ey[AJ]|secret|token|jwt|jws|password|behalf|api[-_]?key|temp_url_sig|authorization|cookie|bearer|basic|@|%|\\u00/i

/** The maximum nesting of JSON that is shown; recursion beyond it could overflow the stack. */
const maxDepth = 100

/** In characters; shorter secrets occur in ordinary words. */
const minSecretLength = 6

const redacted = '<redacted>'

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
  secretName.test(name) &&
  (typeof value === 'string' ||
    typeof value === 'number' ||
    Array.isArray(value) ||
    (/secret|header_value/i.test(name) && value !== undefined))

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

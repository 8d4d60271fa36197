/** Names of fields, parameters and headers whose value is a secret, or may be one. */
const secretName =
  /secret|header_value|(?:token|jwt|jws|password|authorization|cookie|on[-_]behalf|api[-_]?key|temp_url_sig)$/i

/** A JWT that begins as JSON does (`{"`, or `{ "`), whole or cut off. */
const jwt = /ey[AJ][\w-]{8,}(?:\.[\w-]*){0,4}/g

/** A secret's name and value inside a text, such as a query, a form or JSON; a problem's `expected` is no value. */
const namedSecret =
  /((?:secret|token|jwt|jws|password|on[-_]behalf|api[-_]?key|temp_url_sig)["'\\]*\s*[:=]\s*["'\\]*)(?!expected )[^\s"'\\&,;{}[\]]+/gi

/** A header inside a text whose value goes on to the end of its line. */
const namedHeader = /((?:authorization|cookie)["'\\]*\s*[:=]\s*["'\\]*)(?!expected )[^"'\\\r\n]+/gi

const credentials = /\b(Bearer|Basic)\s+[\w.~+/=-]{20,}/gi

/** The user name and password of a URL. */
const urlCredentials = /(:\/\/)[^\s/?#\\]*@/g

const escaped = /(?:%|\\u00)([0-7][\da-f])/gi

/** Most texts have nothing of what the other patterns look for. */
const suspicious =
  /ey[AJ]|secret|token|jwt|jws|password|behalf|api[-_]?key|temp_url_sig|authorization|cookie|bearer|basic|@|%|\\u00/i

/** Beyond this, JSON is not shown: it would overflow the stack. */
const deepestLevel = 100

/** A shorter secret would blot out parts of ordinary words. */
const shortestSecret = 6

/** What stands where a secret was. */
const redacted = '<redacted>'

const withoutEscapes = (text: string): string =>
  text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const blotOut = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter(({ length }) => length >= shortestSecret)
    .reduce((shown, secret) => shown.replaceAll(secret, redacted), text)
    .replace(jwt, redacted)
    .replace(urlCredentials, `$1${redacted}@`)
    .replace(credentials, `$1 ${redacted}`)
    .replace(namedHeader, `$1${redacted}`)
    .replace(namedSecret, `$1${redacted}`)

/** Blots out tokens, values with a secret's name and the given secrets; where escapes hid one, the text is shown without them. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  if (!suspicious.test(text) && !secrets.some(secret => text.includes(secret))) return text
  const shown = blotOut(text, secrets)
  const plain = withoutEscapes(shown)
  if (plain === shown) return shown
  const plainShown = blotOut(plain, secrets)
  return plainShown === plain ? shown : plainShown
}

const isSecret = (name: string, value: unknown): boolean =>
  secretName.test(name) &&
  (typeof value === 'string' ||
    typeof value === 'number' ||
    Array.isArray(value) ||
    (/secret|header_value/i.test(name) && value !== undefined))

/** Copies a JSON value and blots out tokens, secrets and the values of webhook headers, which may be tokens. */
export function redactSecrets(value: unknown, secrets: readonly string[] = [], level = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (level === deepestLevel) return `<deeper than ${deepestLevel} levels>`
  if (Array.isArray(value)) return value.map(inner => redactSecrets(inner, secrets, level + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      redactText(name, secrets),
      isSecret(name, inner) ? redacted : redactSecrets(inner, secrets, level + 1),
    ]),
  )
}

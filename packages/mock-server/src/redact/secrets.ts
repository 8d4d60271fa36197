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

/** Follows a value that was shortened. */
const cutMark = '\u2026'

/** Redacts the beginnings of a secret that was cut off where a text was shortened. */
function redactCut(text: string, secret: string): string {
  if (!text.includes(cutMark)) return text
  let shown = text
  for (let length = secret.length - 1; length >= minSecretLength; length -= 1)
    shown = shown.replaceAll(secret.slice(0, length) + cutMark, redacted + cutMark)
  return shown
}

/** A secret as a text may have it: as it is, as JSON and URLs write it, and as a name in a JSON Pointer. */
const formsOf = (secret: string): string[] => [
  ...new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString()),
    secret.replaceAll('~', '~0').replaceAll('/', '~1'),
  ]),
]

const redactGiven = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter(({ length }) => length >= minSecretLength)
    .flatMap(formsOf)
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, secret) => redactCut(shown.replaceAll(secret, redacted), secret), text)

const redactPlain = (text: string, secrets: readonly string[]): string =>
  redactGiven(text, secrets)
    .replace(jwt, redacted)
    .replace(urlCredentials, `$1${redacted}@`)
    .replace(credentials, `$1 ${redacted}`)
    .replace(namedHeader, `$1${redacted}`)
    .replace(namedSecret, `$1${redacted}`)

/** Redacts tokens, values with a secret's name and the given secrets; decodes escapes only if they hide one. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  if (!suspicious.test(text) && redactGiven(text, secrets) === text) return text
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
  /** JSON, which may be shortened. */
  readonly received: string
  readonly message: string
}

/** The name of a secret in shortened JSON, whose value is cut off or has parts. */
const quotedName = /"([^"\\]{1,100})":/g

/** Redacts shortened JSON: all that follows the first name of a secret, as it cannot be read by its values. */
function redactShortened(json: string, secrets: readonly string[]): string {
  for (const { 0: head, 1: name = '', index } of json.matchAll(quotedName))
    if (isSecretName(name))
      return `${redactText(json.slice(0, index), secrets)}${head}${redacted}${cutMark}`
  return redactText(json, secrets)
}

function redactReceived(received: string, secrets: readonly string[]): string {
  const isGiven = (value: unknown): boolean => secrets.some(secret => secret === String(value))
  try {
    const value: unknown = JSON.parse(received, (_, inner: unknown) =>
      typeof inner !== 'object' && isGiven(inner) ? redacted : inner,
    )
    return JSON.stringify(redactSecrets(value, secrets))
  } catch {
    return redactShortened(received, secrets)
  }
}

/** The field that the writer of a misspelt name probably meant. */
const suggestion = /\(did you mean "([^"]*)"\?\)$/

const parseReceived = (received: string): unknown => {
  try {
    return JSON.parse(received)
  } catch {
    return received
  }
}

/** Whether the place of a value, or the one that was probably meant, has a secret's name. */
function isSecretPlace({ path, received, message }: QuotingProblem): boolean {
  const segments = path.split('/')
  const isInSecret = segments.some(
    (name, index) =>
      secretHolder.test(withoutSeparators(name)) ||
      (isSecretName(name) && /^\d+$/.test(segments[index + 1] ?? '')),
  )
  const names = [segments.at(-1) ?? '', suggestion.exec(message)?.[1] ?? '']
  return isInSecret || names.some(name => isSecret(name, parseReceived(received)))
}

/**
 * Redacts the value that a problem quotes: all of it where its place has a secret's name, or nearly one; else whatever in it has such a
 * name or is one of the given secrets, short ones included.
 */
export function redactProblem<Given extends QuotingProblem>(
  problem: Given,
  secrets: readonly string[] = [],
): Given {
  const { received, message } = problem
  if (received === 'nothing') return problem
  const shown = isSecretPlace(problem) ? redacted : redactReceived(received, secrets)
  const quoted = `, received ${received}`
  const at = message.lastIndexOf(quoted)
  if (at === -1) return { ...problem, received: shown }
  const rest = message.slice(at + quoted.length)
  return {
    ...problem,
    received: shown,
    message: `${message.slice(0, at)}, received ${shown}${rest}`,
  }
}

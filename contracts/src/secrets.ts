import { isRecord } from '@sendbox/schema'
import { parseJson, stringsIn } from './json.ts'

/** Texts that no report and no trace may show. */
export interface Secrets {
  /** Adds a secret; one of fewer than six characters is a part of ordinary words, and is redacted by its name only. */
  add(text: string | undefined): void
  /** Adds every token and signature in JSON, by the name of its field. */
  learn(json: unknown): void
  redact(text: string): string
  /** Copies JSON, its strings and the values of fields with a secret's name redacted; variables (`{$: name}`) stay. */
  redactJson<Json>(json: Json): Json
}

const secretNames: readonly string[] = [
  'access_token',
  'token',
  'temp_url_sig',
  'client_secret',
  'password',
  'bearer',
]

/** Names of fields that hold a secret, in lower case and without separators. */
const secretName =
  /(?:secret|bearer|tokens?|jwt|jws|passw(?:or)?d|pwd|authorization|cookies?|onbehalf|apikey|privatekey|credentials?|tempurlsig)$/

const isSecretName = (name: string): boolean =>
  secretName.test(name.toLowerCase().replaceAll(/[^a-z\d]/g, ''))

const redacted = '<redacted>'

const minLength = 6

/** How a secret may be written: as it is, in JSON, in JSON inside of JSON, in a URL and in a form. */
const spellingsOf = (secret: string): string[] => {
  const escaped = JSON.stringify(secret).slice(1, -1)
  const encoded = encodeURIComponent(secret)
  return [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encoded,
    encoded.replaceAll(/%../g, byte => byte.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ]
}

/** Collects the secrets of a run and redacts them; whatever looks like a JWT or like credentials of HTTP is redacted in any case. */
export function createSecrets(): Secrets {
  const known = new Set<string>()
  const add = (text: string | undefined): void => {
    if (text !== undefined && text.length >= minLength)
      for (const spelling of spellingsOf(text)) known.add(spelling)
  }
  const hidesKnown = (encoded: string): boolean => {
    const decoded = Buffer.from(encoded, 'base64').toString()
    return [...known].some(secret => decoded.includes(secret))
  }
  const redact = (text: string): string =>
    [...known]
      .toSorted((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
      .replace(/eyJ[\w-]{10,}(\.[\w-]+)*/g, redacted)
      .replace(/\b(bearer|basic)\s+[\w.~+/=-]{16,}/gi, `$1 ${redacted}`)
      .replaceAll(/[\w+/-]{8,}={0,2}/g, word => (hidesKnown(word) ? redacted : word))
  const redactString = (text: string): string => {
    const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined
    if (json === undefined) return redact(text)
    const shown = redactJson(json)
    return JSON.stringify(shown) === JSON.stringify(json) ? redact(text) : JSON.stringify(shown)
  }
  const redactValue = (json: unknown): unknown => {
    if (typeof json === 'string') return redactString(json)
    if (Array.isArray(json)) return json.map(redactValue)
    if (!isRecord(json) || typeof json['$'] === 'string') return json
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [
        redact(name),
        isSecretName(name) && (typeof value === 'string' || typeof value === 'number')
          ? redacted
          : redactValue(value),
      ]),
    )
  }
  const redactJson = <Json>(json: Json): Json => redactValue(json) as Json
  return {
    add,
    learn: json => stringsIn(json, ...secretNames).forEach(add),
    redact,
    redactJson,
  }
}

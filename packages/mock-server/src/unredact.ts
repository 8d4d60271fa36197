import { isDeepStrictEqual } from 'node:util'
import { redactSecrets } from './redact-secrets.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts back what was blotted out of a JSON value, where a value that is known looks the same without its secrets. */
export function unredact(shown: unknown, known: unknown): unknown {
  if (isDeepStrictEqual(shown, redactSecrets(known))) return known
  if (Array.isArray(shown) && Array.isArray(known))
    return shown.map((inner: unknown, index) => unredact(inner, known[index]))
  if (!isFields(shown) || !isFields(known)) return shown
  const hidden = redactSecrets(known) as Fields
  return Object.fromEntries(
    Object.entries(shown).map(([name, inner]) => [
      name,
      inner === hidden[name] ? known[name] : unredact(inner, known[name]),
    ]),
  )
}

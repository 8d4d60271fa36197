const secretName = /secret|header_value/i

const redacted = '<redacted>'

/** Copies a JSON value and blots out client secrets and the values of webhook headers, which may be tokens. */
export function redactSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) && inner !== undefined ? redacted : redactSecrets(inner),
    ]),
  )
}

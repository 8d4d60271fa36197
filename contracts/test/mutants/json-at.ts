const namesOf = (pointer: string): string[] => pointer.split('/').slice(1)

/** Whether a value has fields or items. */
const hasFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The value at a JSON Pointer, or `undefined`. */
export const jsonAt = (json: unknown, pointer: string): unknown =>
  namesOf(pointer).reduce<unknown>(
    (value, name) => (hasFields(value) ? value[name] : undefined),
    json,
  )

/** Copies JSON with another value at a JSON Pointer; `undefined` removes it. */
export function withJsonAt(json: unknown, pointer: string, replacement: unknown): unknown {
  const [name, ...rest] = namesOf(pointer)
  if (name === undefined) return replacement
  if (!hasFields(json)) return json
  const below =
    rest.length === 0 ? replacement : withJsonAt(json[name], `/${rest.join('/')}`, replacement)
  if (Array.isArray(json)) return json.map((item, index) => (String(index) === name ? below : item))
  const { [name]: _, ...others } = json
  return below === undefined ? others : { ...json, [name]: below }
}

/** Refuses an empty or missing text by its name only, as it may be a secret. */
export function requireText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${name} must be a non-empty string`)
  }
}

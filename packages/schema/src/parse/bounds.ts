/** Maximum size of a JSON value, beside its bytes. */
export interface JsonBounds {
  /** Levels of objects and arrays in each other. */
  readonly depth: number
  /** Values in all: each object, array, text, number, boolean and `null` counts. */
  readonly values: number
}

/**
 * Returns the bound that a value of `JSON.parse` exceeds, if any. It visits no more values than the bound allows, so that a schema,
 * which makes a problem of each wrong element, is not given what a hostile sender made.
 *
 * @example
 * ```ts
 * import { findExceededBound } from '@sendbox/schema'
 *
 * console.log(findExceededBound([1, 2, 3], { depth: 100, values: 3 })) // values
 * ```
 */
export function findExceededBound(
  value: unknown,
  { depth, values }: JsonBounds,
): keyof JsonBounds | undefined {
  let left = values - 1
  if (left < 0) return 'values'
  // A list in place of recursion, as a hostile value may be deeper than the stack.
  const containers: unknown[] = [value]
  const levels = [depth]
  while (containers.length > 0) {
    const container = containers.pop()
    const level = levels.pop() ?? 0
    if (typeof container !== 'object' || container === null) continue
    if (level === 0) return 'depth'
    if (Array.isArray(container) && container.length > left) return 'values'
    const fields = container as Readonly<Record<string, unknown>>
    for (const key in fields) {
      left -= 1
      if (left < 0) return 'values'
      if (typeof fields[key] !== 'object') continue
      containers.push(fields[key])
      levels.push(level - 1)
    }
  }
  return undefined
}

/** Maximum size of a JSON text, beside its bytes. */
export interface JsonBounds {
  /** Levels of objects and arrays in each other. */
  readonly depth: number
  /** Values in all: each object, array, text, number, boolean and `null` counts. */
  readonly values: number
}

const code = (character: string): number => character.charCodeAt(0)

const [quote, backslash, comma] = [code('"'), code('\\'), code(',')]
const [openArray, closeArray, openObject, closeObject] = [
  code('['),
  code(']'),
  code('{'),
  code('}'),
]
const space = code(' ')

/** Index of the quote that ends a text, or the length of the JSON: one with an even number of backslashes before it. */
function findEndOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1)
  while (end !== -1) {
    let first = end
    while (json.charCodeAt(first - 1) === backslash) first -= 1
    if ((end - first) % 2 === 0) return end
    end = json.indexOf('"', end + 1)
  }
  return json.length
}

/**
 * Returns the bound that a JSON text exceeds, if any, reading it no further than that. It is for texts of others, before `JSON.parse`: that
 * makes gigabytes of values from a few compressed kilobytes, and a schema then a problem of each wrong one. The text need not be valid.
 *
 * @example
 * ```ts
 * import { findExceededBound } from '@sendbox/schema'
 *
 * console.log(findExceededBound('[1, 2, 3]', { depth: 100, values: 3 })) // values
 * ```
 */
export function findExceededBound(
  json: string,
  { depth, values }: JsonBounds,
): keyof JsonBounds | undefined {
  let level = 0
  let left = values - 1
  // True behind an opening bracket: whatever comes next, unless it closes it, is the container's first value.
  let isOpened = false
  for (let index = 0; index < json.length && left >= 0; index += 1) {
    const character = json.charCodeAt(index)
    if (character <= space) continue
    if (character === closeArray || character === closeObject) {
      isOpened = false
      level -= 1
      continue
    }
    if (isOpened) left -= 1
    isOpened = false
    if (character === quote) index = findEndOfText(json, index)
    else if (character === comma) left -= 1
    else if (character === openArray || character === openObject) {
      isOpened = true
      level += 1
      if (level > depth) return 'depth'
    }
  }
  return left < 0 ? 'values' : undefined
}

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

/** Where a text ends, or continues behind a part of the JSON; then, whether its next character is escaped. */
interface EndOfText {
  readonly end: number
  readonly isEscaped: boolean
}

/** A text ends with a quote that has an even number of backslashes before it. */
function findEndOfText(json: string, start: number): EndOfText {
  let end = json.indexOf('"', start)
  for (;;) {
    const last = end === -1 ? json.length : end
    let first = last
    while (first > start && json.charCodeAt(first - 1) === backslash) first -= 1
    const isEscaped = (last - first) % 2 === 1
    if (end === -1 || !isEscaped) return { end: last, isEscaped }
    end = json.indexOf('"', end + 1)
  }
}

/** Returns the bound that the JSON read so far exceeds, if any. */
type ReadPart = (part: string) => keyof JsonBounds | undefined

/**
 * Creates a reader for a JSON text that arrives in parts, which finds the bound that it exceeds as {@link findExceededBound} does. Parts of
 * UTF-8 may be decoded as Latin-1.
 */
export function createBoundsReader({ depth, values }: JsonBounds): ReadPart {
  let level = 0
  let left = values - 1
  // True behind an opening bracket: whatever comes next, unless it closes it, is the container's first value.
  let isOpened = false
  let isInText = false
  let isEscaped = false
  return json => {
    let index = isEscaped ? 1 : 0
    const endText = (start: number): void => {
      const found = findEndOfText(json, start)
      isInText = found.end === json.length
      isEscaped = isInText && found.isEscaped
      index = found.end + 1
    }
    if (isInText && json !== '') endText(index)
    for (; index < json.length && left >= 0; index += 1) {
      const character = json.charCodeAt(index)
      if (character <= space) continue
      if (character === closeArray || character === closeObject) {
        isOpened = false
        level -= 1
        continue
      }
      if (isOpened) left -= 1
      isOpened = false
      if (character === quote) {
        endText(index + 1)
        index -= 1
      } else if (character === comma) left -= 1
      else if (character === openArray || character === openObject) {
        isOpened = true
        level += 1
        if (level > depth) return 'depth'
      }
    }
    return left < 0 ? 'values' : undefined
  }
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
export const findExceededBound = (json: string, bounds: JsonBounds): keyof JsonBounds | undefined =>
  createBoundsReader(bounds)(json)

const maxEdits = 2

/** Damerau–Levenshtein distance: replaced, missing and extra letters, and swapped neighbours. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1))
    }
  }
  return at(a.length, b.length)
}

/** Returns the candidate nearest to a misspelt word: at most two edits away, in any letter case. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const longest = Math.max(0, ...candidates.map(({ length }) => length))
  if (word.length > longest + maxEdits) return undefined
  const ranked = candidates
    .map(candidate => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= maxEdits && distance < candidate.length / 2)
  return ranked.toSorted((a, b) => a.distance - b.distance)[0]?.candidate
}

const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z\d]/g, '')

const lastSegmentOf = (name: string): string => name.split('.').at(-1) ?? name

/** Minimum length of a part of a name, in letters: a shorter one is in too many others. */
const minPartLength = 5

/**
 * Returns the candidate that a dotted name was probably meant to be: misspelt, with other separators, cut off, with
 * another prefix or without one.
 *
 * @example
 * ```ts
 * import { nearestName } from '@sendbox/schema'
 *
 * console.log(nearestName('.ams.ms.PublishEvent', ['ms.PublishEvent'])) // ms.PublishEvent
 * ```
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const letters = lettersOf(name)
  const misspelt = nearestWord(name, candidates)
  if (misspelt !== undefined) return misspelt
  const prefixed = candidates.find(candidate => {
    const wanted = lettersOf(candidate)
    const isSuffix = letters.length >= minPartLength && wanted.endsWith(letters)
    return isSuffix || (wanted.length >= minPartLength && letters.endsWith(wanted))
  })
  if (prefixed !== undefined) return prefixed
  const longer = candidates.filter(candidate => lettersOf(candidate).startsWith(letters))
  if (letters.length >= minPartLength && longer.length === 1) return longer[0]
  const last = nearestWord(lastSegmentOf(name), candidates.map(lastSegmentOf))
  return candidates.find(candidate => lastSegmentOf(candidate) === last)
}

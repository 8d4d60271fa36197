const farthest = 2

/** How many letters must change to make one word of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The candidate that `word` was probably meant to be; letter case does not count, two slips are forgiven. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const longest = Math.max(0, ...candidates.map(({ length }) => length))
  if (word.length > longest + farthest) return undefined
  const ranked = candidates
    .map(candidate => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= farthest && distance < candidate.length / 2)
  return ranked.toSorted((a, b) => a.distance - b.distance)[0]?.candidate
}

/** The value in the middle. */
export const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** The value that a share of all values does not exceed; `share` is from 0 to 1. */
export const percentile = (values, share) => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

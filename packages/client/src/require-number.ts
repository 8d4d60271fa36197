/** Refuses what is not over 0. */
export function requirePositive(name: string, value: number): number {
  if (value > 0) return value
  throw new RangeError(`${name} must be over 0, received ${value}`)
}

/** Refuses what is not 0 or more. */
export function requireCount(name: string, value: number): number {
  if (value >= 0) return value
  throw new RangeError(`${name} must be 0 or more, received ${value}`)
}

/** Draws from a seeded sequence; the same seed gives the same draws. */
export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number
  /** Whether something happens that does so in one of `times`. */
  oneIn(times: number): boolean
  pick<Value>(values: readonly Value[]): Value
}

/** Mulberry32: fast, and good enough to choose inputs. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    oneIn: times => below(times) === 0,
    pick: values => {
      const value = values[below(values.length)]
      if (value === undefined) throw new RangeError('There is nothing to pick')
      return value
    },
  }
}

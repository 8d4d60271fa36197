/** The argument of a `waitFor`: a match, a number and a timeout. */
interface Wait<Match> {
  readonly match?: Match | undefined
  readonly count?: number | undefined
  readonly timeoutMs?: number | undefined
}

/** Joins the deprecated form of `waitFor`, a match and its options, to the one object of the present form. */
export const toWait = <Match extends object>(
  wait: Wait<Match> | Match,
  options: Omit<Wait<Match>, 'match'> = {},
): Wait<Match> =>
  ['match', 'count', 'timeoutMs'].some(name => name in wait)
    ? wait
    : { ...options, match: wait as Match }

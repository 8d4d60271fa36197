import type { Attempt } from './delivery.ts'

/** An endpoint that takes longer than this is slow, in ms. Rule: WH-12. */
const slowMs = 2500

/** For so long an endpoint may be slow, in ms of the account's clock. Rule: WH-12. */
const maxSlowMs = 120_000

/** When the first and the last of an endpoint's slow answers began, since it was last in time. */
interface SlowPeriod {
  readonly since: number
  readonly until: number
}

/** Slow endpoints, by their URL. */
export type SlowEndpoints = Readonly<Record<string, SlowPeriod>>

/** Notes how long an endpoint took. Rule: WH-12. */
export function recordAttempt(
  slow: SlowEndpoints,
  endpoint: string,
  { at, durationMs, outcome }: Pick<Attempt, 'at' | 'durationMs' | 'outcome'>,
): SlowEndpoints {
  const { [endpoint]: period, ...others } = slow
  if (durationMs <= slowMs && outcome !== 'timeout') return period ? others : slow
  return { ...slow, [endpoint]: { since: period?.since ?? at, until: at } }
}

/** The endpoints that production may disable. Rule: WH-12. */
export const listTooSlow = (slow: SlowEndpoints): string[] =>
  Object.entries(slow)
    .filter(([, { since, until }]) => until - since > maxSlowMs)
    .map(([endpoint]) => endpoint)

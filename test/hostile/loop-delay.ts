import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

/** How much longer than `JSON.parse` of the same bytes the loop may be delayed; a problem for each element took 100 times as long. */
export const maxRatio = 20

/** How long some work takes, in ms. */
export const timeOf = (work: () => unknown): number => {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

/** The longest delay of the loop during some work, in ms. */
export async function longestDelayOf(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  await delay(5)
  await work()
  await delay(5)
  histogram.disable()
  return histogram.max / 1e6
}

import type { Journal } from './journal.ts'
import type { Wanted } from './near-miss.ts'
import { criteriaOf } from './request-match.ts'

const toRequests = (count: number): string => `${count} ${count === 1 ? 'request' : 'requests'}`

/** Puts bounds of a count into words. */
export function describeCount(least: number, most: number): string {
  if (least === most) return `exactly ${toRequests(least)}`
  if (most === Number.POSITIVE_INFINITY) return `at least ${toRequests(least)}`
  return least === 0 ? `at most ${toRequests(most)}` : `${least} to ${toRequests(most)}`
}

const longestShape = 200

/** Puts what is looked for into words, without secrets. */
export function describeWanted({ match, shape }: Wanted, journal: Journal): string {
  const { after } = match
  const criteria = criteriaOf(match).map(
    ([name, value]) => `${name} ${String(journal.redact(value))}`,
  )
  const json = shape === undefined ? '' : JSON.stringify(journal.redact(shape))
  const shown = json.length <= longestShape ? json : `${json.slice(0, longestShape)}…`
  const parts = [
    ...criteria,
    ...(after === undefined ? [] : [`an id after ${after}`]),
    ...(shown ? [`a body like ${shown}`] : []),
  ]
  return parts.join(', ') || 'any content'
}

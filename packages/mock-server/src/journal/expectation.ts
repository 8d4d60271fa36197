import { z } from 'zod'
import type { Journal } from './journal.ts'
import { NearMissSchema, type Wanted } from './near-miss.ts'
import { criteriaOf, RequestMatchSchema } from './request-match.ts'

const CountSchema = z.int().min(0).exactOptional()

const refuseTwoCounts: z.core.CheckFn<{
  count?: number
  atLeast?: number
  atMost?: number
}> = ({ value, issues }) => {
  const { count, atLeast, atMost } = value
  if (count !== undefined && (atLeast !== undefined || atMost !== undefined))
    issues.push({
      code: 'custom',
      path: ['count'],
      input: count,
      message: 'either count, or atLeast and atMost',
    })
}

/** The JSON that a request's body must have at least; arrays must be as long. */
const ShapeSchema = z.unknown().optional()

/** What must hold of a journal; without any count or order, that at least one request is meant. */
export const RequestExpectationSchema = z
  .strictObject({
    /** @default {} */
    match: RequestMatchSchema.exactOptional(),
    shape: ShapeSchema,
    /** How many requests are meant. */
    count: CountSchema,
    atLeast: CountSchema,
    atMost: CountSchema,
    /** Some of the requests that are meant come in this order, others may come between. */
    order: z
      .array(RequestMatchSchema.extend({ shape: ShapeSchema }))
      .min(1)
      .readonly()
      .exactOptional(),
  })
  .check(refuseTwoCounts)
export type RequestExpectation = z.input<typeof RequestExpectationSchema>

/** The longest wait, in ms. */
const maxWaitMs = 600_000

/** How long to wait for how many requests. */
export const WaitOptionsSchema = z.strictObject({
  /** @default 1 */
  count: z.int().min(1).default(1),
  /**
   * Wall time, in ms.
   * @default 5000
   */
  timeoutMs: z.int().min(0).max(maxWaitMs).default(5000),
})
export type WaitOptions = z.input<typeof WaitOptionsSchema>
/** {@link WaitOptions} with their defaults filled in. */
export type WaitLimits = z.output<typeof WaitOptionsSchema>

/** What held: how many requests were meant, and which. */
export const RequestsFoundSchema = z.object({
  ok: z.literal(true),
  matched: z.int().min(0),
  ids: z.array(z.int().min(1)),
})

/** What did not hold, and why. */
export const RequestsMissedSchema = z.object({
  ok: z.literal(false),
  reason: z.enum(['count', 'order', 'window exceeded', 'timeout']),
  /** All of it in words, with the near misses. */
  message: z.string(),
  matched: z.int().min(0),
  /** How many requests that might have been meant are no longer kept. */
  dropped: z.int().min(0),
  nearMisses: z.array(NearMissSchema),
})
export type RequestsMissed = z.output<typeof RequestsMissedSchema>

/** Whether an expectation held. */
export type Verdict = z.output<typeof RequestsFoundSchema> | RequestsMissed

const toRequests = (count: number): string => `${count} ${count === 1 ? 'request' : 'requests'}`

/** Puts bounds of a count into words. */
export function describeCount(least: number, most: number): string {
  if (least === most) return `exactly ${toRequests(least)}`
  if (most === Number.POSITIVE_INFINITY) return `at least ${toRequests(least)}`
  return least === 0 ? `at most ${toRequests(most)}` : `${least} to ${toRequests(most)}`
}

const maxShapeLength = 200

/** Puts what is looked for into words, without secrets. */
export function describeWanted({ match, shape }: Wanted, journal: Journal): string {
  const { after } = match
  const criteria = criteriaOf(match).map(
    ([name, value]) => `${name} ${String(journal.redact(value))}`,
  )
  const json = shape === undefined ? '' : JSON.stringify(journal.redact(shape))
  const shown = json.length <= maxShapeLength ? json : `${json.slice(0, maxShapeLength)}…`
  const parts = [
    ...criteria,
    ...(after === undefined ? [] : [`an id after ${after}`]),
    ...(shown ? [`a body like ${shown}`] : []),
  ]
  return parts.join(', ') || 'any content'
}

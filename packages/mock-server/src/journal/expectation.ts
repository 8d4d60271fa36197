import { boundedArray } from '@sendbox/schema'
import { z } from 'zod'
import type { Journal } from './journal.ts'
import { NearMissSchema, type Wanted } from './near-miss.ts'
import { criteriaOf, RequestMatchSchema } from './request-match.ts'

const CountSchema = z.int().min(0).exactOptional()

/** JSON that a request's body must contain; arrays must have the same length. */
const ShapeSchema = z.unknown().optional()

/** An expectation of a journal; without any count or order, that at least one request matches. */
export const RequestExpectationSchema = z
  .strictObject({
    /** @default {} */
    match: RequestMatchSchema.exactOptional(),
    shape: ShapeSchema,
    /** The exact number of matching requests. */
    count: CountSchema,
    atLeast: CountSchema,
    atMost: CountSchema,
    /** Criteria that some of the matching requests meet in this order; others may come between. */
    order: boundedArray(RequestMatchSchema.extend({ shape: ShapeSchema }))
      .min(1)
      .readonly()
      .exactOptional(),
  })
  .refine(
    ({ count, atLeast, atMost }) => count === undefined || (atLeast ?? atMost) === undefined,
    { path: ['count'], error: 'either count, or atLeast and atMost' },
  )
export type RequestExpectation = z.input<typeof RequestExpectationSchema>

/** The maximum timeout, in ms. */
const maxWaitMs = 600_000

/** The number of requests to wait for, and the timeout. */
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

/** The requests to wait for. */
export const RequestWaitSchema = WaitOptionsSchema.extend({
  /** @default {} */
  match: RequestMatchSchema.prefault({}),
})
export type RequestWait = z.input<typeof RequestWaitSchema>
/** {@link WaitOptions} with defaults. */
export type WaitLimits = z.output<typeof WaitOptionsSchema>

/** A met expectation: the number and ids of the matching requests. */
export const RequestsFoundSchema = z.object({
  ok: z.literal(true),
  matched: z.int().min(0),
  ids: z.array(z.int().min(1)),
})

/** An expectation that was not met, and why. */
export const RequestsMissedSchema = z.object({
  ok: z.literal(false),
  reason: z.enum(['count', 'order', 'window exceeded', 'timeout']),
  /** The whole explanation, near misses included. */
  message: z.string(),
  matched: z.int().min(0),
  /** Number of evicted requests that might have matched. */
  dropped: z.int().min(0),
  nearMisses: z.array(NearMissSchema),
})
export type RequestsMissed = z.output<typeof RequestsMissedSchema>

/** The result of an expectation. */
export type Verdict = z.output<typeof RequestsFoundSchema> | RequestsMissed

const toRequests = (count: number): string => `${count} ${count === 1 ? 'request' : 'requests'}`

/** Describes the bounds of a count. */
export function describeCount(min: number, max: number): string {
  if (min === max) return `exactly ${toRequests(min)}`
  if (max === Number.POSITIVE_INFINITY) return `at least ${toRequests(min)}`
  return min === 0 ? `at most ${toRequests(max)}` : `${min} to ${toRequests(max)}`
}

const maxShapeLength = 200

/** Describes the wanted requests, without secrets. */
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

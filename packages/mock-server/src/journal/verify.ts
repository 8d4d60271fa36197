import type { JournalEntry } from './entry.ts'
import {
  describeCount,
  describeWanted,
  type RequestExpectation,
  type RequestsMissed,
  type Verdict,
  type WaitLimits,
} from './expectation.ts'
import type { Journal } from './journal.ts'
import { findNearMisses, hasShape, toNearMissLines, type Wanted } from './near-miss.ts'
import type { JournalRecord } from './record.ts'
import { type RequestMatch, toCounted, toPredicate } from './request-match.ts'

/** The result of one part of an expectation; `unknown` if evicted requests could change it. */
type PartResult =
  | { readonly verdict: 'held' }
  | {
      readonly verdict: 'failed' | 'unknown'
      readonly reason: 'count' | 'order'
      readonly sentence: string
      /** The criteria that too few requests met, and the requests to search for near misses. */
      readonly missing?: { readonly wanted: Wanted; readonly records: readonly JournalRecord[] }
    }

/** The records that an expectation is about. */
interface Window {
  readonly journal: Journal
  readonly wanted: Wanted
  readonly matched: readonly JournalRecord[]
  /** Number of evicted requests that might have matched. */
  readonly dropped: number
}

interface Bounds {
  readonly min: number
  readonly max: number
}

function boundsOf({ count, atLeast, atMost, order }: RequestExpectation): Bounds {
  const isOpen = atMost !== undefined || order !== undefined
  const min = count ?? atLeast ?? (isOpen ? 0 : 1)
  return { min, max: count ?? atMost ?? Number.POSITIVE_INFINITY }
}

const toIds = (records: readonly JournalRecord[]): number[] => records.map(({ id }) => id)

const maxIds = 10

const listIds = (records: readonly JournalRecord[]): string => {
  const ids = toIds(records)
    .slice(0, maxIds)
    .map(id => `#${id}`)
    .join(', ')
  return ids && `: ${ids}${records.length > maxIds ? ', …' : ''}`
}

function checkCount(bounds: Bounds, { journal, wanted, matched, dropped }: Window): PartResult {
  const { min, max } = bounds
  const isTooFew = matched.length < min
  const isCertain = isTooFew ? matched.length + dropped < min : matched.length > max
  if (!isTooFew && matched.length <= max && matched.length + dropped <= max)
    return { verdict: 'held' }
  const counted = `${matched.length} of ${journal.length} did${listIds(matched)}`
  const sentence = `Expected ${describeCount(min, max)} to have ${describeWanted(wanted, journal)}; ${counted}.`
  return {
    verdict: isCertain ? 'failed' : 'unknown',
    reason: 'count',
    sentence,
    ...(isTooFew && { missing: { wanted, records: journal.select({}) } }),
  }
}

const toWantedPredicate = ({ match, shape }: Wanted): ((record: JournalRecord) => boolean) => {
  const matches = toPredicate(match)
  return record => matches(record) && hasShape(record, shape)
}

/** Greedy: the earliest request that matches a step leaves the most candidates for the next ones. */
function checkOrder(
  order: NonNullable<RequestExpectation['order']>,
  { journal, matched, dropped }: Window,
): PartResult {
  let last = -1
  for (const [index, { shape, ...match }] of order.entries()) {
    const wanted = { match, shape }
    const isStep = toWantedPredicate(wanted)
    const found = matched.findIndex((record, position) => position > last && isStep(record))
    if (found === -1) {
      const previous = matched[last]
      const after = previous ? ` after #${previous.id}` : ''
      const step = `Expected a request with ${describeWanted(wanted, journal)}${after}`
      const early = matched.slice(0, Math.max(last, 0)).findLast(isStep)
      const later = matched.slice(last + 1)
      const tooEarly = previous && early ? `: #${early.id} came before #${previous.id}` : ''
      return {
        verdict: dropped > 0 ? 'unknown' : 'failed',
        reason: 'order',
        sentence: `${step}, as step ${index + 1} of ${order.length}; there was none${tooEarly}.`,
        missing: { wanted, records: later.length > 0 ? later : matched },
      }
    }
    last = found
  }
  return { verdict: 'held' }
}

/** Explains a part that did not hold, with the closest mismatches. */
function toMissed(
  { verdict, reason, sentence, missing }: Exclude<PartResult, { verdict: 'held' }>,
  { journal, matched, dropped }: Window,
): RequestsMissed {
  const nearMisses = missing ? findNearMisses(missing.records, missing.wanted, journal) : []
  const evicted =
    verdict === 'unknown'
      ? ` Nobody can tell: ${dropped} older ${dropped === 1 ? 'request was' : 'requests were'} dropped. Raise the setting journal.entries, clear the journal before, or ask with match.after.`
      : ''
  const closest = nearMisses.length > 0 ? '\nClosest to it:' : ''
  return {
    ok: false,
    reason: verdict === 'unknown' ? 'window exceeded' : reason,
    message: `${sentence}${evicted}${closest}${toNearMissLines(nearMisses)}`,
    matched: matched.length,
    dropped,
    nearMisses,
  }
}

/** Selects the requests that an expectation is about. */
function selectWindow(journal: Journal, match: RequestMatch, shape?: unknown): Window {
  const isCounted = toCounted(match)
  const matched = journal
    .select(match)
    .filter(record => isCounted(record) && hasShape(record, shape))
  return {
    journal,
    wanted: { match, shape },
    matched,
    dropped: journal.droppedAfter(match.after ?? 0),
  }
}

/** Explains that too few requests came; `waited` says for how long. */
const toTimeout = (window: Window, count: number, waited: string): RequestsMissed => {
  const counted = checkCount({ min: count, max: Number.POSITIVE_INFINITY }, window)
  const missed = counted.verdict === 'held' ? undefined : toMissed(counted, window)
  const message = `Waited ${waited}. ${missed?.message ?? ''}`
  return {
    ok: false,
    nearMisses: missed?.nearMisses ?? [],
    matched: window.matched.length,
    dropped: window.dropped,
    reason: 'timeout',
    message,
  }
}

/** The requests that were waited for, oldest first, or why they were missing at the deadline. */
type Waited = { readonly ok: true; readonly requests: readonly JournalEntry[] } | RequestsMissed

/** The end of a wait whose caller has gone. */
const abandoned: Waited = {
  ok: false,
  reason: 'timeout',
  message: 'The caller has closed the connection',
  matched: 0,
  dropped: 0,
  nearMisses: [],
}

/** Resolves once `count` requests match, earlier ones included, at the deadline, or when the signal is aborted, which looks for no near misses. */
export async function waitFor(
  journal: Journal,
  match: RequestMatch,
  limits: WaitLimits,
  signal?: AbortSignal,
): Promise<Waited> {
  const { end, found } = await journal.waitFor(match, limits, signal)
  if (signal?.aborted) return abandoned
  if (end === 'met') return { ok: true, requests: found.map(record => journal.show(record)) }
  const waited = end === 'closed' ? 'until the mock closed' : `${limits.timeoutMs} ms`
  return toTimeout(selectWindow(journal, match), limits.count, waited)
}

/** Checks an expectation of a journal; if evicted requests could change the verdict, it fails with the reason `window exceeded`. */
export function verify(journal: Journal, expectation: RequestExpectation): Verdict {
  const { match = {}, shape, order } = expectation
  const window = selectWindow(journal, match, shape)
  const parts = [
    checkCount(boundsOf(expectation), window),
    order ? checkOrder(order, window) : ({ verdict: 'held' } as const),
  ]
  const failed =
    parts.find(({ verdict }) => verdict === 'failed') ??
    parts.find(({ verdict }) => verdict === 'unknown')
  if (failed !== undefined && failed.verdict !== 'held') return toMissed(failed, window)
  const { matched } = window
  return { ok: true, matched: matched.length, ids: toIds(matched) }
}

import type { RequestExpectation, RequestsMissed, Verdict } from './expectation.ts'
import { describeCount, describeWanted } from './expectation.ts'
import type { Journal } from './journal.ts'
import { findNearMisses, hasShape, toNearMissLines, type Wanted } from './near-miss.ts'
import type { JournalRecord } from './record.ts'
import { type RequestMatch, toPredicate } from './request-match.ts'

/** One part of an expectation: held, failed whatever was dropped, or not to be told any more. */
type Finding =
  | { readonly verdict: 'held' }
  | {
      readonly verdict: 'failed' | 'unknown'
      readonly reason: 'count' | 'order'
      readonly sentence: string
      /** What too few requests were, so that near misses help. */
      readonly missing?: { readonly wanted: Wanted; readonly records: readonly JournalRecord[] }
    }

/** The records of a journal that an expectation speaks of. */
interface Window {
  readonly journal: Journal
  readonly wanted: Wanted
  readonly matched: readonly JournalRecord[]
  /** How many requests are no longer kept that might have been meant. */
  readonly dropped: number
}

interface Bounds {
  readonly least: number
  readonly most: number
}

function boundsOf({ count, atLeast, atMost, order }: RequestExpectation): Bounds {
  const isOpen = atMost !== undefined || order !== undefined
  const least = count ?? atLeast ?? (isOpen ? 0 : 1)
  return { least, most: count ?? atMost ?? Number.POSITIVE_INFINITY }
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

function checkCount(bounds: Bounds, { journal, wanted, matched, dropped }: Window): Finding {
  const { least, most } = bounds
  const isTooFew = matched.length < least
  const isCertain = isTooFew ? matched.length + dropped < least : matched.length > most
  if (!isTooFew && matched.length <= most && matched.length + dropped <= most)
    return { verdict: 'held' }
  const counted = `${matched.length} of ${journal.length} did${listIds(matched)}`
  const sentence = `Expected ${describeCount(least, most)} to have ${describeWanted(wanted, journal)}; ${counted}.`
  return {
    verdict: isCertain ? 'failed' : 'unknown',
    reason: 'count',
    sentence,
    ...(isTooFew && { missing: { wanted, records: journal.select({}) } }),
  }
}

const isMeant = ({ match, shape }: Wanted): ((record: JournalRecord) => boolean) => {
  const isMatch = toPredicate(match)
  return record => isMatch(record) && hasShape(record, shape)
}

/** The earliest request that does for each step leaves the most for the next ones. */
function checkOrder(
  order: NonNullable<RequestExpectation['order']>,
  { journal, matched, dropped }: Window,
): Finding {
  let last = -1
  for (const [index, { shape, ...match }] of order.entries()) {
    const wanted = { match, shape }
    const isStep = isMeant(wanted)
    const found = matched.findIndex((record, place) => place > last && isStep(record))
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

/** Explains a finding with the requests that came closest. */
function toMissed(
  { verdict, reason, sentence, missing }: Exclude<Finding, { verdict: 'held' }>,
  { journal, matched, dropped }: Window,
): RequestsMissed {
  const nearMisses = missing ? findNearMisses(missing.records, missing.wanted, journal) : []
  const lost =
    verdict === 'unknown'
      ? ` Nobody can tell: ${dropped} older ${dropped === 1 ? 'request was' : 'requests were'} dropped. Raise the setting journal.entries, clear the journal before, or ask with match.after.`
      : ''
  const closest = nearMisses.length > 0 ? '\nClosest to it:' : ''
  return {
    ok: false,
    reason: verdict === 'unknown' ? 'window exceeded' : reason,
    message: `${sentence}${lost}${closest}${toNearMissLines(nearMisses)}`,
    matched: matched.length,
    dropped,
    nearMisses,
  }
}

/** Looks at the requests that are meant. */
export function selectWindow(journal: Journal, match: RequestMatch, shape?: unknown): Window {
  const matched = journal.select(match).filter(record => hasShape(record, shape))
  return {
    journal,
    wanted: { match, shape },
    matched,
    dropped: journal.droppedAfter(match.after ?? 0),
  }
}

/** Explains that too few requests came; `waited` says for how long. */
export const toTimeout = (window: Window, count: number, waited: string): RequestsMissed => {
  const finding = checkCount({ least: count, most: Number.POSITIVE_INFINITY }, window)
  const missed = finding.verdict === 'held' ? undefined : toMissed(finding, window)
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

/**
 * Says whether an expectation holds of a journal. Where requests were dropped that could change the verdict, it fails for the
 * reason `window exceeded`.
 */
export function verify(journal: Journal, expectation: RequestExpectation): Verdict {
  const { match = {}, shape, order } = expectation
  const window = selectWindow(journal, match, shape)
  const findings = [
    checkCount(boundsOf(expectation), window),
    order ? checkOrder(order, window) : ({ verdict: 'held' } as const),
  ]
  const failed =
    findings.find(({ verdict }) => verdict === 'failed') ??
    findings.find(({ verdict }) => verdict === 'unknown')
  if (failed !== undefined && failed.verdict !== 'held') return toMissed(failed, window)
  const { matched } = window
  return { ok: true, matched: matched.length, ids: toIds(matched) }
}

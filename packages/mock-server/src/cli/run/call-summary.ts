import { noOperation } from '../../metrics.ts'
import { redactPath } from '../../redact/request.ts'
import type { Services } from '../../services.ts'

/** The longest list of a summary; more are counted only. */
const maxLines = 20

/** A fact, and how often it was seen. */
type Counted<Fact> = Fact & { count: number }

/** The calls that the mock saw while a command ran. */
export interface CallSummary {
  /** The number of calls of each operation. */
  readonly calls: Readonly<Record<string, number>>
  /** The number of requests that are calls of none. */
  readonly unmatched: number
  /** Calls that were refused, with the reason of the first of each kind. */
  readonly refused: readonly Counted<{ operation: string; status: number; hint: string }>[]
  /** The unmatched requests, preflights of browsers aside; `path` is that of the first. */
  readonly misses: readonly Counted<{ method: string; path: string; status: number }>[]
  /** Rules that payloads violate without being refused, with the words of the first of each. */
  readonly diagnostics: readonly Counted<{ rule: string; message: string }>[]
  /** The number of facts that had no room in these lists. */
  readonly more: number
}

/** Counts facts of a kind by their keys. */
class Facts<Fact extends object> {
  readonly #byKey = new Map<string, Counted<Fact>>()
  more = 0

  add(key: string, toFact: () => Fact): void {
    const known = this.#byKey.get(key)
    if (known) known.count += 1
    else if (this.#byKey.size < maxLines) this.#byKey.set(key, { ...toFact(), count: 1 })
    else this.more += 1
  }

  get list(): readonly Counted<Fact>[] {
    return [...this.#byKey.values()]
  }
}

/** Sums up the calls from now on; the returned function says what they were so far. */
export function sumUpCalls({ updates, metrics, installs }: Services): () => CallSummary {
  const refused = new Facts<{ operation: string; status: number; hint: string }>()
  const misses = new Facts<{ method: string; path: string; status: number }>()
  const diagnosed = new Facts<{ rule: string; message: string }>()
  updates.subscribe('call', ({ accountId, record }) => {
    const { operation, status = 0, method, url, hint = '', diagnostics } = record
    const [path = ''] = url.split('?', 1)
    for (const { rule, message } of diagnostics) diagnosed.add(rule, () => ({ rule, message }))
    if (status < 400) return
    if (operation === undefined)
      misses.add(`${method} ${path}`, () => {
        const shown = redactPath(path, accountId === null ? [] : installs.secretsOf(accountId))
        return { method, path: shown, status }
      })
    else refused.add(`${operation} ${status} ${hint}`, () => ({ operation, status, hint }))
  })
  return () => {
    const calls: Record<string, number> = {}
    let unmatched = 0
    for (const { labels, count } of metrics.requests.values()) {
      const { operation = noOperation } = labels
      if (operation === noOperation) unmatched += count
      else calls[operation] = (calls[operation] ?? 0) + count
    }
    return {
      calls,
      unmatched,
      refused: refused.list,
      misses: misses.list,
      diagnostics: diagnosed.list,
      more: refused.more + misses.more + diagnosed.more,
    }
  }
}

const times = (count: number): string => (count === 1 ? '' : ` (${count} times)`)

/** Formats a summary for a person. */
export function toSummaryText(summary: CallSummary): string {
  const { calls, unmatched, refused, misses, diagnostics, more } = summary
  const total = Object.values(calls).reduce((sum, count) => sum + count, unmatched)
  if (total === 0)
    return `
sendbox: the mock saw no call. The command asked no host of LivePerson, or by a way that its environment does not lead: see "Point your
connector at it" in the documentation.
`
  const kinds = Object.entries(calls).map(([name, count]) => `${name} ${count}`)
  if (unmatched > 0) kinds.push(`of no operation ${unmatched}`)
  const lines = [
    `sendbox: the mock saw ${total} ${total === 1 ? 'call' : 'calls'}: ${kinds.join(', ')}`,
    ...refused.map(
      ({ operation, status, hint, count }) =>
        `  refused    ${operation} ${status}${times(count)}${hint === '' ? '' : `: ${hint}`}`,
    ),
    ...misses.map(
      ({ method, path, status, count }) =>
        `  missed     ${method} ${path} ${status}${times(count)}`,
    ),
    ...diagnostics.map(
      ({ rule, message, count }) => `  diagnosed  ${rule}${times(count)}: ${message}`,
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
  return `\n${lines.join('\n')}\n`
}

import { type RuleId, ruleById } from '@sendbox/schema'
import { z } from 'zod'
import type { JournalRecord } from './record.ts'

/** A rule of the service, and how many requests it decided or was a problem or diagnostic of. */
export const RuleCountSchema = z.object({ id: z.string(), count: z.int().min(1) })
export type RuleCount = z.output<typeof RuleCountSchema>

/** The number of requests of a rule, and the last one of them, which may name it several times. */
interface Count {
  count: number
  lastId: number
}

/** Counts the requests of one account by the rules that their responses rested on; it has at most one number for each rule. Rule: RES-9. */
export class RuleCounts {
  readonly #counts = new Map<RuleId, Count>()

  /** Counts each rule of a record once. */
  add({ id, rules, diagnostics, problems }: JournalRecord): void {
    for (const rule of rules) this.#count(rule, id)
    for (const { rule } of diagnostics) this.#count(rule, id)
    for (const { rule } of problems) this.#count(rule, id)
  }

  /** The rules of the service, those of most requests first; of equals in the order in which they were first counted. */
  list(): RuleCount[] {
    return [...this.#counts]
      .filter(([id]) => ruleById.get(id)?.evidence !== 'own')
      .map(([id, { count }]) => ({ id, count }))
      .toSorted((a, b) => b.count - a.count)
  }

  clear(): void {
    this.#counts.clear()
  }

  #count(rule: RuleId, id: number): void {
    const known = this.#counts.get(rule)
    if (known === undefined) this.#counts.set(rule, { count: 1, lastId: id })
    else if (known.lastId !== id) {
      known.count += 1
      known.lastId = id
    }
  }
}

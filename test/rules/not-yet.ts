import type { RuleId } from '@sendbox/schema'

/** Rules without a row, each with what the mock lacks; the list only ever gets shorter. */
export const notYet: Readonly<Partial<Record<RuleId, string>>> = {
  'RES-8.1': 'nothing brings the mock to answer 429: it has no faults and no rate limit',
  'RES-8.2': 'nothing brings the mock to answer 429: it has no faults and no rate limit',
}

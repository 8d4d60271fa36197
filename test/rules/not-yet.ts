import type { RuleId } from '@sendbox/schema'

/** Rules without a row, each with what the mock lacks; the list only ever gets shorter. */
export const notYet: Readonly<Partial<Record<RuleId, string>>> = {}

import * as z from 'zod'
import type { RuleId } from '../rules/index.ts'

/** Which rule a schema follows, and how values that it reads are reported. */
export interface SchemaRule {
  readonly rule: RuleId
  /** How the expectation reads, where zod's own words would not help. */
  readonly expected?: string
  /** Claims that any further field is welcome here, so that none is noted as unknown. */
  readonly open?: boolean
  /**
   * What would have been better: a value that this schema reads is taken, and noted. In strict mode it is a problem where the
   * rule is neither documented nor recorded, or where `refusedInStrict` says so.
   */
  readonly note?: string
  readonly refusedInStrict?: boolean
}

/** The rule of each schema that follows one; a part without an entry follows its parent's. */
export const schemaRules = z.registry<SchemaRule>()

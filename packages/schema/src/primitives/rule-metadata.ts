import * as z from 'zod'
import type { RuleId } from '../rules/index.ts'

/** The rule of a schema, and how its values are reported. */
export interface SchemaRule {
  readonly rule: RuleId
  /** The expectation in words, if zod's own would not help. */
  readonly expected?: string
  /** True if any further field is expected, so that none is reported as unknown. */
  readonly open?: boolean
  /**
   * The better form: a value of this schema is accepted with a diagnostic. Strict mode refuses it if the rule is neither
   * documented nor recorded, or if `refusedInStrict` is set.
   */
  readonly note?: string
  readonly refusedInStrict?: boolean
  /** The words that a noted value may be a misspelling of. */
  readonly words?: readonly string[]
}

/** The rules of schemas; a part without an entry has its parent's rule. */
export const schemaRules = z.registry<SchemaRule>()

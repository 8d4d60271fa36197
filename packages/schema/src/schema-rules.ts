import { z } from 'zod'
import type { RuleId } from './rules/index.ts'

/** Which rule a schema follows, and how it is reported. */
export interface SchemaRule {
  readonly rule: RuleId
  /** How the expectation reads, where zod's own words would not help. */
  readonly expected?: string
  /** Claims that any further field is welcome here, so that none is noted as unknown. */
  readonly open?: boolean
}

/** The rule of each schema that follows one; a part without an entry follows its parent's. */
export const schemaRules = z.registry<SchemaRule>()

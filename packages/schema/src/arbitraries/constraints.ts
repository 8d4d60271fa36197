import type { z } from 'zod'

/** What the checks of a schema ask of a value: bounds of a number, or of a length, and a pattern. */
export interface Constraints {
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: RegExp
  readonly format?: string
  /** Claims that a function of the schema's author has the last word. */
  readonly isRefined?: boolean
}

type Definition = z.core.$ZodTypes['_zod']['def']

function constraintOf(check: z.core.$ZodCheck): Constraints {
  const { def } = (check as z.core.$ZodChecks)._zod
  switch (def.check) {
    case 'min_length':
      return { minimum: def.minimum }
    case 'max_length':
      return { maximum: def.maximum }
    case 'greater_than':
      return { minimum: Number(def.value) }
    case 'less_than':
      return { maximum: Number(def.value) }
    case 'string_format':
      return def.pattern ? { pattern: def.pattern } : { isRefined: true }
    default:
      return { isRefined: true }
  }
}

/** Puts the checks of a schema together; the last of a kind counts. */
export const constraintsOf = (definition: Definition): Constraints =>
  Object.assign(
    'format' in definition && definition.format !== undefined ? { format: definition.format } : {},
    ...(definition.checks ?? []).map(constraintOf),
  )

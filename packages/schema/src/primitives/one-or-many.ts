import * as z from 'zod'
import { boundedArray } from './bounded.ts'
import { schemaRules } from './rule-metadata.ts'

/** An array, or its bare single element, which parses to an array of one. Rule: REQ-8. */
export const oneOrMany = <Element extends z.ZodType>(element: Element, minLength = 0) => {
  const schema = z.union([
    boundedArray(element).min(minLength),
    element.transform(value => [value]),
  ])
  schemaRules.add(schema, { rule: 'REQ-8' })
  return schema
}

/** A `type` that is none of the known ones, so that an invalid element of a known type does not match. */
export const typeOtherThan = (knownTypes: readonly string[]) =>
  z
    .string()
    .refine(name => !knownTypes.includes(name), { abort: true })
    .meta({ not: { enum: knownTypes } })

import type { z } from 'zod'
import type { Components } from './components.ts'
import { type Example, findExamples } from './examples.ts'

/** A body with the given examples, or else the documented ones. */
export function toContent(
  contentType: string,
  schema: z.core.$ZodType,
  { schemas, toRef }: Components,
  examples: Readonly<Record<string, Example>> = findExamples(schema, schemas),
) {
  const hasExamples = Object.keys(examples).length > 0
  return { [contentType]: { schema: toRef(schema), ...(hasExamples && { examples }) } }
}

/** A JSON body. */
export const toJsonContent = (
  schema: z.core.$ZodType,
  components: Components,
  examples?: Readonly<Record<string, Example>>,
) => toContent('application/json', schema, components, examples)

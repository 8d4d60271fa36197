import type * as fc from 'fast-check'
import * as z from 'zod'
import { arbitraryOf } from './arbitraries/arbitrary-of.ts'
import type { InputOf, SchemaName } from './fixtures/fixture.ts'
import * as index from './index.ts'

export { mutated } from './arbitraries/mutated.ts'

/** An arbitrary of each schema by its name without its ending: `arbitraries.SendRequest`. */
export type Arbitraries = { readonly [Name in SchemaName]: fc.Arbitrary<InputOf<Name>> }

const ending = 'Schema'

/**
 * Valid values of every schema, as a caller may write them: bare single elements, older forms, unknown fields, any text. They
 * are read from the schemas themselves. Needs the peer dependency fast-check.
 */
export const arbitraries = Object.fromEntries(
  Object.entries(index).flatMap(([key, schema]) =>
    key.endsWith(ending) && schema instanceof z.ZodType
      ? [[key.slice(0, -ending.length), arbitraryOf(schema)]]
      : [],
  ),
) as unknown as Arbitraries

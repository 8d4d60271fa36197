import type * as fc from 'fast-check'
import * as z from 'zod'
import { arbitraryOf } from './arbitraries/arbitrary-of.ts'
import type { InputOf, SchemaName } from './fixtures/fixture.ts'
import * as index from './index.ts'

export { mutated } from './arbitraries/mutated.ts'

/** An arbitrary of each schema by its name without its suffix: `arbitraries.SendRequest`. */
export type Arbitraries = { readonly [Name in SchemaName]: fc.Arbitrary<InputOf<Name>> }

const suffix = 'Schema'

/**
 * Valid inputs of every schema: bare single elements, older forms, unknown fields and any text among them. Derived from the
 * schemas. Needs the peer dependency fast-check.
 *
 * @example
 * ```ts
 * import { SendRequestSchema } from '@sendbox/schema'
 * import { arbitraries } from '@sendbox/schema/arbitraries'
 * import { assert, property } from 'fast-check'
 *
 * assert(property(arbitraries.SendRequest, request => SendRequestSchema.safeParse(request).success))
 * ```
 */
export const arbitraries = Object.fromEntries(
  Object.entries(index).flatMap(([key, schema]) =>
    key.endsWith(suffix) && schema instanceof z.ZodType
      ? [[key.slice(0, -suffix.length), arbitraryOf(schema)]]
      : [],
  ),
) as unknown as Arbitraries

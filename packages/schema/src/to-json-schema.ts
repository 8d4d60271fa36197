import * as z from 'zod'

/** The drafts of JSON Schema that {@link toJsonSchema} writes, as zod names them; OpenAPI 3.1 reads `draft-2020-12`. */
export const jsonSchemaTargets = ['draft-2020-12', 'draft-07'] as const

/** One of {@link jsonSchemaTargets}. */
export type JsonSchemaTarget = (typeof jsonSchemaTargets)[number]

/** A JSON Schema, as data. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Options of {@link toJsonSchema}. */
export interface ToJsonSchemaOptions {
  /** @default 'draft-2020-12' */
  readonly target?: JsonSchemaTarget
  /**
   * Whether the JSON Schema describes the input or the output of parsing. `'output'` closes plain objects and has no form for a
   * transform.
   * @default 'input'
   */
  readonly io?: 'input' | 'output'
  /**
   * A registry whose entries are written into the JSON Schema; a part with an `id` becomes a definition of that name.
   * @default z.globalRegistry
   */
  readonly metadata?: z.core.$ZodRegistry<Record<string, unknown>>
}

/**
 * Converts a schema of zod 4 to JSON Schema; `@sendbox/schema/zod3` converts those of zod 3. Throws a TypeError for an unknown target,
 * a value that is no schema of zod 4, and a schema that accepts every value.
 *
 * @example
 * ```ts
 * import { ChatStateSchema, toJsonSchema } from '@sendbox/schema'
 *
 * console.log(toJsonSchema(ChatStateSchema).enum?.length) // 5
 * ```
 */
export function toJsonSchema(
  schema: z.core.$ZodType,
  { target = 'draft-2020-12', io = 'input', metadata }: ToJsonSchemaOptions = {},
): JsonSchema {
  refuseUnknownTarget(target)
  if (!('_zod' in Object(schema)))
    throw new TypeError(
      `Expected a schema of zod 4, received ${typeof schema}: @sendbox/schema/zod3 converts schemas of zod 3`,
    )
  return refuseEmpty(z.toJSONSchema(schema, { target, io, ...(metadata && { metadata }) }))
}

/** Throws a TypeError for a target that is none of {@link jsonSchemaTargets}, which zod accepts. */
export function refuseUnknownTarget(target: JsonSchemaTarget): void {
  if (!jsonSchemaTargets.includes(target))
    throw new TypeError(
      `Unknown JSON Schema target "${target}": use ${jsonSchemaTargets.join(' or ')}`,
    )
}

/** Returns a JSON Schema; throws a TypeError for one without a keyword. */
export function refuseEmpty(jsonSchema: JsonSchema): JsonSchema {
  if (Object.keys(jsonSchema).every(key => key === '$schema'))
    throw new TypeError(
      'The JSON Schema is empty, so it would take every value: pass a schema that checks something',
    )
  return jsonSchema
}

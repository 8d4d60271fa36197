import * as z from 'zod'
import type { ZodTypeAny as Zod3Schema } from 'zod/v3'
import { zodToJsonSchema } from 'zod-to-json-schema'

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
   * For schemas of zod 4 only: a registry whose entries are written into the JSON Schema; a part with an `id` becomes a
   * definition of that name.
   * @default z.globalRegistry
   */
  readonly metadata?: z.core.$ZodRegistry<Record<string, unknown>>
}

const dialects = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
} as const satisfies Record<JsonSchemaTarget, string>

/**
 * Converts a schema of zod 4 or zod 3 to JSON Schema. Throws a TypeError for an unknown target, a value that is no zod schema,
 * a schema that accepts every value, and a tuple or Map of zod 3 with `draft-2020-12`.
 *
 * @example
 * ```ts
 * import { ChatStateSchema, toJsonSchema } from '@sendbox/schema'
 *
 * console.log(toJsonSchema(ChatStateSchema).enum?.length) // 5
 * ```
 */
export function toJsonSchema(
  schema: z.core.$ZodType | Zod3Schema,
  options: ToJsonSchemaOptions = {},
): JsonSchema {
  const { target = 'draft-2020-12', io = 'input', metadata } = options
  if (!jsonSchemaTargets.includes(target))
    refuse(`Unknown JSON Schema target "${target}": use ${jsonSchemaTargets.join(' or ')}`)
  const jsonSchema = isZod4(schema)
    ? z.toJSONSchema(schema, { target, io, ...(metadata && { metadata }) })
    : isZod3(schema)
      ? fromZod3(schema, target, io)
      : refuse(`Expected a schema of zod 3 or zod 4, received ${typeof schema}`)
  return isEmpty(jsonSchema)
    ? refuse(
        'The JSON Schema is empty, so it would take every value: pass a schema that checks something, made by a zod 3.25 or later',
      )
    : jsonSchema
}

const isZod4 = (schema: object): schema is z.core.$ZodType => '_zod' in Object(schema)

const isZod3 = (schema: object): schema is Zod3Schema =>
  'typeName' in Object((Object(schema) as { _def?: unknown })._def)

/** zod-to-json-schema silently returns an empty schema for what it does not support. */
const isEmpty = (jsonSchema: JsonSchema): boolean =>
  Object.keys(jsonSchema).every(key => key === '$schema')

const refuse = (message: string): never => {
  throw new TypeError(message)
}

function fromZod3(
  schema: Zod3Schema,
  target: JsonSchemaTarget,
  io: 'input' | 'output',
): JsonSchema {
  const draft07 = zodToJsonSchema(schema, {
    target: 'jsonSchema7',
    pipeStrategy: io,
    removeAdditionalStrategy: io === 'input' ? 'strict' : 'passthrough',
    postProcess: (jsonSchema, definition) => {
      refuseZod3Part(definition, target, io)
      return jsonSchema
    },
  })
  return { ...(draft07 as JsonSchema), $schema: dialects[target] }
}

/** zod-to-json-schema supports drafts up to 2019-09; its output differs from 2020-12 in tuples only. */
function refuseZod3Part(definition: object, target: JsonSchemaTarget, io: string): void {
  const { typeName, effect } = definition as { typeName?: string; effect?: { type: string } }
  if (target === 'draft-2020-12' && (typeName === 'ZodTuple' || typeName === 'ZodMap'))
    refuse(`A ${typeName} of zod 3 has no draft-2020-12 form: use target draft-07, or zod 4`)
  if (io === 'output' && effect?.type === 'transform')
    refuse("What a transform gives has no JSON Schema: use io 'input'")
}

import type { ZodTypeAny } from 'zod/v3'
import { zodToJsonSchema } from 'zod-to-json-schema'
import {
  type JsonSchema,
  type JsonSchemaTarget,
  refuseEmpty,
  refuseUnknownTarget,
} from './to-json-schema.ts'

const dialects = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
} as const satisfies Record<JsonSchemaTarget, string>

/**
 * Converts a schema of zod 3 (`zod/v3`, or the package zod of that major) to the JSON Schema of its input, `draft-2020-12` by default.
 * Throws a TypeError for an unknown target, a value that is no schema of zod 3, a schema that accepts every value or has no form in
 * JSON Schema, and a tuple or Map with `draft-2020-12`.
 *
 * @example
 * ```ts
 * import { toJsonSchema } from '@sendbox/schema/zod3'
 * import { z } from 'zod/v3'
 *
 * console.log(toJsonSchema(z.string().max(64), 'draft-07').maxLength) // 64
 * ```
 */
export function toJsonSchema(
  schema: ZodTypeAny,
  target: JsonSchemaTarget = 'draft-2020-12',
): JsonSchema {
  refuseUnknownTarget(target)
  if (!('typeName' in Object((Object(schema) as Partial<ZodTypeAny>)._def)))
    throw new TypeError(
      `Expected a schema of zod 3, received ${typeof schema}: @sendbox/schema converts schemas of zod 4`,
    )
  const draft07 = zodToJsonSchema(schema, {
    target: 'jsonSchema7',
    pipeStrategy: 'input',
    removeAdditionalStrategy: 'strict',
    postProcess: (jsonSchema, definition) => {
      if (target === 'draft-2020-12') refuseTuple(definition)
      return jsonSchema
    },
  })
  return refuseEmpty({ ...(draft07 as JsonSchema), $schema: dialects[target] })
}

/** zod-to-json-schema supports drafts up to 2019-09; its output differs from 2020-12 in tuples only. */
function refuseTuple(definition: object): void {
  const { typeName } = definition as { typeName?: string }
  if (typeName === 'ZodTuple' || typeName === 'ZodMap')
    throw new TypeError(
      `A ${typeName} of zod 3 has no draft-2020-12 form: use target draft-07, or zod 4`,
    )
}

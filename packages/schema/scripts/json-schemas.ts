import { z } from 'zod'
import { type JsonSchema, type JsonSchemaTarget, toJsonSchema } from '../src/to-json-schema.ts'
import type { NamedSchema } from './named-schemas.ts'

type Metadata = Record<string, unknown>

/** Returns further keywords for the JSON Schema of a schema, named or not. */
export type Annotate = (schema: z.core.$ZodType) => Metadata | undefined

/**
 * The registry of one conversion: zod's own entries, and those of `annotate`. Formats are omitted: strict validators refuse one
 * that they have no plugin for, and `uri` is narrower than zod's URL. Patterns are enough.
 */
class AnnotatingRegistry extends z.core.$ZodRegistry<Metadata> {
  readonly #annotate: Annotate

  constructor(annotate: Annotate) {
    super()
    this.#annotate = annotate
  }

  override get<Schema extends z.core.$ZodType>(schema: Schema): z.core.$replace<Metadata, Schema> {
    const hasFormat = 'format' in schema._zod.def
    return {
      ...z.globalRegistry.get(schema),
      ...this.#annotate(schema),
      ...(hasFormat && { format: undefined }),
    }
  }
}

const definitionsKey = { 'draft-2020-12': '$defs', 'draft-07': 'definitions' } as const

const idPrefix = {
  'draft-2020-12': 'urn:sendbox:schema:',
  'draft-07': 'urn:sendbox:schema:draft-07:',
} as const satisfies Record<JsonSchemaTarget, string>

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  one < other ? -1 : 1

const sortByName = (definitions: object) =>
  Object.fromEntries(Object.entries(definitions).toSorted(byName))

/**
 * Converts each schema to a self-contained document: the other named schemas that it needs are its definitions. All are
 * converted as input.
 */
export function createJsonSchemas(
  schemas: readonly NamedSchema[],
  target: JsonSchemaTarget,
  annotate: Annotate = () => undefined,
): Map<string, JsonSchema> {
  const entries = new Map(schemas.map(entry => [entry.schema, entry]))
  return new Map(
    schemas.map(({ name, schema: root }) => {
      const metadata = new AnnotatingRegistry(schema => {
        const { name: title, description } = entries.get(schema) ?? {}
        // A root with an id would become a definition of itself.
        const id = title !== undefined && schema !== root && { id: title }
        return { ...(title !== undefined && { title, description, ...id }), ...annotate(schema) }
      })
      const jsonSchema = toJsonSchema(root, { target, metadata })
      const { $schema, title, description, [definitionsKey[target]]: parts, ...body } = jsonSchema
      const definitions = parts !== undefined && {
        [definitionsKey[target]]: sortByName(parts as object),
      }
      const $id = idPrefix[target] + name
      const document = { $schema, $id, title, description, ...body, ...definitions }
      return [name, document as JsonSchema]
    }),
  )
}

/** Joins documents into the definitions of one. */
export function createBundle(
  jsonSchemas: ReadonlyMap<string, JsonSchema>,
  target: JsonSchemaTarget,
): JsonSchema {
  const key = definitionsKey[target]
  const ownKeys = ['$schema', '$id', key]
  const definitions = [...jsonSchemas].map(([name, jsonSchema]) => [
    name,
    Object.fromEntries(Object.entries(jsonSchema).filter(([each]) => !ownKeys.includes(each))),
  ])
  return {
    $schema: [...jsonSchemas.values()][0]?.$schema,
    $id: `${idPrefix[target]}bundle`,
    title: 'Sendbox',
    description: `Every schema of @sendbox/schema, each in ${key} by its name.`,
    [key]: Object.fromEntries(definitions),
  } as JsonSchema
}

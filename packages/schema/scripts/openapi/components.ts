import type { z } from 'zod'
import { createBundle, createJsonSchemas } from '../json-schemas.ts'
import type { NamedSchema } from '../named-schemas.ts'

const target = 'draft-2020-12'
const place = '#/components/schemas/'

/** Named schemas as parts of an OpenAPI document. */
export interface Components {
  readonly schemas: readonly NamedSchema[]
  /** Refers to a schema; throws a TypeError for one that the package does not export. */
  readonly toRef: (schema: z.core.$ZodType) => { readonly $ref: string }
  /** The schemas that `document` refers to, directly or through others, by name. */
  readonly usedBy: (document: unknown) => Record<string, unknown>
}

/** Prepares the schemas of an OpenAPI 3.1 document, whose dialect of JSON Schema is 2020-12. */
export function createComponents(schemas: readonly NamedSchema[]): Components {
  const nameOf = new Map(schemas.map(({ name, schema }) => [schema, name]))
  const jsonSchemas = createJsonSchemas(schemas, target, schema => toDiscriminator(schema, nameOf))
  const written = JSON.stringify(createBundle(jsonSchemas, target)['$defs'])
  const definitions = JSON.parse(written.replaceAll('"#/$defs/', `"${place}`)) as Record<
    string,
    unknown
  >
  return {
    schemas,
    toRef(schema) {
      const name = nameOf.get(schema)
      if (name === undefined)
        throw new TypeError('An operation has a schema that src/index.ts does not export')
      return { $ref: place + name }
    },
    usedBy(document) {
      const used = new Set<string>()
      collectNames(document, definitions, used)
      return Object.fromEntries([...used].toSorted().map(name => [name, definitions[name]]))
    },
  }
}

function collectNames(
  part: unknown,
  definitions: Readonly<Record<string, unknown>>,
  used: Set<string>,
): void {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (used.has(name)) continue
    used.add(name)
    collectNames(definitions[name], definitions, used)
  }
}

/** The discriminator of a union, if each option is a named schema: a discriminator cannot select an inline schema. */
function toDiscriminator(schema: z.core.$ZodType, nameOf: ReadonlyMap<z.core.$ZodType, string>) {
  const definition = (schema as z.core.$ZodTypes)._zod.def
  if (definition.type !== 'union' || !('discriminator' in definition)) return undefined
  const { discriminator: propertyName, options } = definition as z.core.$ZodDiscriminatedUnionDef
  if (!options.every(option => nameOf.has(option))) return undefined
  const mapping = options.flatMap(option =>
    [...(option._zod.propValues?.[propertyName] ?? [])].map(value => [
      String(value),
      `${place}${nameOf.get(option)}`,
    ]),
  )
  return { discriminator: { propertyName, mapping: Object.fromEntries(mapping) } }
}

import type { z } from 'zod'
import { type SchemaRule, schemaRules } from './schema-rules.ts'

type Schema = z.core.$ZodType

const definitionOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The option of a union that `value` is meant for: by discriminator, else by being a list or not. */
function optionFor(union: z.core.$ZodUnionDef, value: unknown): Schema | undefined {
  const discriminator = (union as Partial<z.core.$ZodDiscriminatedUnionDef>).discriminator
  if (discriminator !== undefined) {
    const tag = isRecord(value) ? value[discriminator] : undefined
    return union.options.find(option =>
      option._zod.propValues?.[discriminator]?.has(tag as z.core.util.Primitive),
    )
  }
  const isList = Array.isArray(value)
  return union.options.find(option => (definitionOf(option).type === 'array') === isList)
}

/** A schema and what it wraps, outermost first, down to the one that reads `value`. */
function unwrapFor(schema: Schema, value: unknown): Schema[] {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'readonly':
      return [schema, ...unwrapFor(definition.innerType, value)]
    case 'pipe':
      return [schema, ...unwrapFor(definition.in, value)]
    case 'union': {
      const option = optionFor(definition, value)
      return option ? [schema, ...unwrapFor(option, value)] : [schema]
    }
    default:
      return [schema]
  }
}

function childOf(schema: Schema | undefined, key: PropertyKey): Schema | undefined {
  if (schema === undefined) return undefined
  const definition = definitionOf(schema)
  if (definition.type === 'array') return definition.element
  if (definition.type !== 'object' || typeof key !== 'string') return undefined
  return Object.hasOwn(definition.shape, key) ? definition.shape[key] : undefined
}

/** The value at `path`, `undefined` where there is none. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (current, key) =>
      isRecord(current) || Array.isArray(current)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )

/** A place in a value: the schemas that read it, outermost first, and those met on the way to it. */
export interface Place {
  readonly above: readonly Schema[]
  readonly schemas: readonly Schema[]
  readonly value: unknown
}

/** Follows `path` into `value`; where the schema knows no such place, its `schemas` are empty. */
export function placeAt(schema: Schema, value: unknown, path: readonly PropertyKey[]): Place {
  return path.reduce<Place>(
    (parent, key) => {
      const inner = valueAt(parent.value, [key])
      const child = childOf(parent.schemas.at(-1), key)
      return {
        above: [...parent.above, ...parent.schemas],
        schemas: child === undefined ? [] : unwrapFor(child, inner),
        value: inner,
      }
    },
    { above: [], schemas: unwrapFor(schema, value), value },
  )
}

const entriesOf = (schemas: readonly Schema[]): SchemaRule[] =>
  schemas.map(schema => schemaRules.get(schema)).filter(entry => entry !== undefined)

/** The rule that a place follows: its own, else the nearest above it. */
export const ruleAt = ({ above, schemas }: Place): SchemaRule | undefined =>
  entriesOf([...above, ...schemas]).at(-1)

/** The words that a place's own schemas find for what they expect. */
export const expectedAt = ({ schemas }: Place): string | undefined =>
  entriesOf(schemas).findLast(entry => entry.expected !== undefined)?.expected

/** The paths of the fields in `value` that its schema does not name; open schemas are not entered. */
export function* unknownFields(
  schema: Schema,
  value: unknown,
  path: readonly PropertyKey[] = [],
): Generator<readonly PropertyKey[]> {
  const schemas = unwrapFor(schema, value)
  if (schemas.some(candidate => schemaRules.get(candidate)?.open)) return
  const innermost = schemas.at(-1) ?? schema
  const definition = definitionOf(innermost)
  const isReadable = definition.type === 'object' ? isRecord(value) : Array.isArray(value)
  if (!isReadable || (definition.type !== 'object' && definition.type !== 'array')) return
  for (const [name, element] of Object.entries(value as object)) {
    const key = Array.isArray(value) ? Number(name) : name
    const child = childOf(innermost, key)
    if (child === undefined) yield [...path, key]
    else yield* unknownFields(child, element, [...path, key])
  }
}

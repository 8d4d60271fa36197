import * as z from 'zod'
import { isRecord } from '../primitives/is-record.ts'
import { type SchemaRule, schemaRules } from '../primitives/rule-metadata.ts'

type Schema = z.core.$ZodType
type Path = readonly PropertyKey[]

const definitionOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

/** What kind of JSON value a schema reads, as `kindOf` has it. */
function kindRead(schema: Schema): string {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'optional':
    case 'nullable':
      return kindRead(definition.innerType)
    case 'pipe':
      return kindRead(definition.in)
    case 'union':
      return definition.options[0] ? kindRead(definition.options[0]) : 'unknown'
    case 'enum':
      return 'string'
    case 'literal':
      return typeof definition.values[0]
    case 'tuple':
      return 'array'
    default:
      return definition.type
  }
}

/** The name of the field that tells the options of a union apart, where it has one. */
export const discriminatorOf = (union: z.core.$ZodUnionDef): string | undefined =>
  (union as Partial<z.core.$ZodDiscriminatedUnionDef>).discriminator

/** The option whose discriminator has the value that it has in `value`. */
const taggedOption = (
  { options }: z.core.$ZodUnionDef,
  discriminator: string,
  value: unknown,
): Schema | undefined => {
  const tag = isRecord(value) ? value[discriminator] : undefined
  return options.find(option =>
    option._zod.propValues?.[discriminator]?.has(tag as z.core.util.Primitive),
  )
}

/** The option of a union that `value` is meant for: by tag, else the one that takes it, else by kind. */
export function optionFor(union: z.core.$ZodUnionDef, value: unknown): Schema | undefined {
  const discriminator = discriminatorOf(union)
  if (discriminator !== undefined) return taggedOption(union, discriminator, value)
  const ofKind = union.options.filter(option => kindRead(option) === kindOf(value))
  if (ofKind.length < 2) return ofKind[0]
  const tagged = ofKind.find(option => {
    const definition = definitionOf(option)
    return definition.type === 'union' && optionFor(definition, value) !== undefined
  })
  return tagged ?? ofKind.find(option => z.safeParse(option, value).success) ?? ofKind[0]
}

/** A schema and what it wraps, outermost first, down to the one that reads `value`. */
function unwrapFor(schema: Schema, value: unknown): Schema[] {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
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

/** The names of the fields that a schema's object has; a union has its discriminator. */
export function fieldsOf(schema: Schema | undefined): readonly string[] {
  const definition = schema && definitionOf(schema)
  if (definition?.type === 'object') return Object.keys(definition.shape)
  if (definition?.type === 'union') return [discriminatorOf(definition) ?? []].flat()
  return []
}

function childOf(schema: Schema | undefined, key: PropertyKey): Schema | undefined {
  if (schema === undefined) return undefined
  const definition = definitionOf(schema)
  if (definition.type === 'array') return definition.element
  if (definition.type === 'record') return definition.valueType
  if (definition.type === 'tuple') return definition.items[Number(key)]
  if (definition.type !== 'object' || typeof key !== 'string') return undefined
  return Object.hasOwn(definition.shape, key) ? definition.shape[key] : undefined
}

/** The value at `path`, `undefined` where there is none. */
const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (current, key) =>
      (isRecord(current) || Array.isArray(current)) && Object.hasOwn(current, key)
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
export const placeAt = (schema: Schema, value: unknown, path: Path): Place =>
  path.reduce<Place>(
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

const entriesOf = (schemas: readonly Schema[]): SchemaRule[] =>
  schemas.map(schema => schemaRules.get(schema)).filter(entry => entry !== undefined)

/** The rule that a place follows: its own, else the nearest above it. */
export const ruleAt = ({ above, schemas }: Place): SchemaRule | undefined =>
  entriesOf([...above, ...schemas]).at(-1)

/** The words that a place's own schemas find for what they expect. */
export const expectedAt = ({ schemas }: Place): string | undefined =>
  entriesOf(schemas).findLast(entry => entry.expected !== undefined)?.expected

/** Something in a valid value that deserves a remark. */
export interface Finding {
  readonly path: Path
  readonly value: unknown
  /** The entry whose note it is; a field that no schema names has none. */
  readonly entry?: SchemaRule
  /** The fields that the object with an unknown field could have. */
  readonly knownFields?: readonly string[]
  /** The fields of the `body` beside which an unknown field stands. */
  readonly bodyFields?: readonly string[]
}

/** Goes through a valid value and finds notes and unknown fields; open schemas are not entered. */
export function* findingsIn(schema: Schema, value: unknown, path: Path = []): Generator<Finding> {
  const schemas = unwrapFor(schema, value)
  const entries = entriesOf(schemas)
  for (const entry of entries) if (entry.note !== undefined) yield { path, value, entry }
  const innermost = schemas.at(-1)
  if (innermost === undefined || entries.some(({ open }) => open)) return
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      const child = childOf(innermost, index)
      if (child) yield* findingsIn(child, element, [...path, index])
    }
  } else if (isRecord(value) && definitionOf(innermost).type === 'object') {
    for (const [key, element] of Object.entries(value)) {
      const child = childOf(innermost, key)
      if (child !== undefined) yield* findingsIn(child, element, [...path, key])
      else {
        const body = childOf(innermost, 'body')
        yield {
          path: [...path, key],
          value: element,
          knownFields: fieldsOf(innermost),
          bodyFields: fieldsOf(body && unwrapFor(body, value['body']).at(-1)),
        }
      }
    }
  }
}

import * as z from 'zod'
import { type SchemaRule, schemaRules } from '../primitives/rule-metadata.ts'
import type { Path } from './problem.ts'

/** Whether a value is an object with named fields: neither `null` nor an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type Schema = z.core.$ZodType

export const definitionOf = (schema: Schema): z.core.$ZodTypes['_zod']['def'] =>
  (schema as z.core.$ZodTypes)._zod.def

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

/** Returns the kind of JSON value that a schema reads, in the words of `kindOf`. */
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

/** Returns the index of the option of a union that a value is for; -1 if there is none. */
export type SelectOption = (value: unknown) => number

const selectors = new WeakMap<z.core.$ZodUnionDef, SelectOption>()

/** Compiles the choice of a union once: by tag, else the option that accepts the value, else by kind. */
export function selectorOf(union: z.core.$ZodUnionDef): SelectOption {
  const discriminator = discriminatorOf(union)
  const select =
    selectors.get(union) ??
    (discriminator === undefined ? selectByKind(union) : selectByTag(union, discriminator))
  selectors.set(union, select)
  return select
}

/** Returns the name of the field that distinguishes the options of a union, if it has one. */
const discriminatorOf = (union: z.core.$ZodUnionDef): string | undefined =>
  (union as Partial<z.core.$ZodDiscriminatedUnionDef>).discriminator

function selectByTag({ options }: z.core.$ZodUnionDef, discriminator: string): SelectOption {
  const indexes = new Map<unknown, number>()
  for (const [index, option] of options.entries())
    for (const tag of option._zod.propValues?.[discriminator] ?? [])
      if (!indexes.has(tag)) indexes.set(tag, index)
  return value => (isRecord(value) ? (indexes.get(value[discriminator]) ?? -1) : -1)
}

function selectByKind({ options }: z.core.$ZodUnionDef): SelectOption {
  const candidates = options.map((option, index) => {
    const definition = definitionOf(option)
    const selectInner = definition.type === 'union' ? selectorOf(definition) : undefined
    return { option, index, kind: kindRead(option), selectInner }
  })
  return value => {
    const kind = kindOf(value)
    const ofKind = candidates.filter(candidate => candidate.kind === kind)
    const selected =
      ofKind.length < 2
        ? ofKind[0]
        : (ofKind.find(({ selectInner }) => selectInner && selectInner(value) !== -1) ??
          ofKind.find(({ option }) => z.safeParse(option, value).success) ??
          ofKind[0])
    return selected?.index ?? -1
  }
}

/** Lists a schema and those that it wraps, outermost first, down to the one that reads `value`. */
export function unwrapFor(schema: Schema, value: unknown): Schema[] {
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
      const option = definition.options[selectorOf(definition)(value)]
      return option ? [schema, ...unwrapFor(option, value)] : [schema]
    }
    default:
      return [schema]
  }
}

/** Lists the names of the fields of an object's schema; for a union, its discriminator. */
export function fieldsOf(schema: Schema | undefined): readonly string[] {
  const definition = schema && definitionOf(schema)
  if (definition?.type === 'object') return Object.keys(definition.shape)
  if (definition?.type === 'union') return [discriminatorOf(definition) ?? []].flat()
  return []
}

/** Returns the schema of an element or a field; `undefined` if the schema names none. */
export function childOf(schema: Schema | undefined, key: PropertyKey): Schema | undefined {
  if (schema === undefined) return undefined
  const definition = definitionOf(schema)
  if (definition.type === 'array') return definition.element
  if (definition.type === 'record') return definition.valueType
  if (definition.type === 'tuple') return definition.items[Number(key)]
  if (definition.type !== 'object' || typeof key !== 'string') return undefined
  return Object.hasOwn(definition.shape, key) ? definition.shape[key] : undefined
}

const valueAt = (value: unknown, key: PropertyKey): unknown =>
  (isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined

/** A part of a value with the schemas that read it, outermost first, and those of the parts around it. */
export interface Location {
  readonly above: readonly Schema[]
  readonly schemas: readonly Schema[]
  readonly value: unknown
}

/** Follows `path` into `value`; `schemas` is empty where the schema names no such part. */
export const locate = (schema: Schema, value: unknown, path: Path): Location =>
  path.reduce<Location>(
    (parent, key) => {
      const inner = valueAt(parent.value, key)
      const child = childOf(parent.schemas.at(-1), key)
      return {
        above: [...parent.above, ...parent.schemas],
        schemas: child === undefined ? [] : unwrapFor(child, inner),
        value: inner,
      }
    },
    { above: [], schemas: unwrapFor(schema, value), value },
  )

const rulesOf = (schemas: readonly Schema[]): SchemaRule[] =>
  schemas.map(schema => schemaRules.get(schema)).filter(entry => entry !== undefined)

/** Returns the rule of a part: its own, else that of the nearest part around it. */
export const ruleAt = ({ above, schemas }: Location): SchemaRule | undefined =>
  rulesOf([...above, ...schemas]).at(-1)

/** Returns how the schemas of a part word their expectation, if one of them does. */
export const expectedAt = ({ schemas }: Location): string | undefined =>
  rulesOf(schemas).findLast(entry => entry.expected !== undefined)?.expected

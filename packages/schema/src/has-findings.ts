import type * as z from 'zod'
import { schemaRules } from './schema-rules.ts'
import { optionFor } from './schema-walk.ts'

type Schema = z.core.$ZodType
/** Claims that a valid value has something that deserves a remark. */
type Check = (value: unknown) => boolean

const checks = new WeakMap<Schema, Check>()

const never: Check = () => false
const always: Check = () => true

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The check of a schema is made when it is first needed: schemas may contain themselves. */
function checkOf(schema: Schema): Check {
  const check = checks.get(schema) ?? toCheck(schema)
  checks.set(schema, check)
  return check
}

const toArrayCheck =
  (element: Schema): Check =>
  value =>
    Array.isArray(value) && value.some(inner => checkOf(element)(inner))

const toTupleCheck =
  (items: readonly Schema[]): Check =>
  value =>
    Array.isArray(value) && items.some((item, place) => checkOf(item)(value[place]))

function toObjectCheck(shape: Readonly<Record<string, Schema>>): Check {
  const fields = new Map(Object.entries(shape))
  return value => {
    if (!isObject(value)) return false
    for (const name in value) {
      const field = fields.get(name)
      if (field === undefined || checkOf(field)(value[name])) return true
    }
    return false
  }
}

const toUnionCheck =
  (union: z.core.$ZodUnionDef): Check =>
  value => {
    const option = optionFor(union, value)
    return option !== undefined && checkOf(option)(value)
  }

/** An open schema around another one is left to the walk, which says `always`: it looks at each of them. */
function toCheck(schema: Schema): Check {
  const definition = (schema as z.core.$ZodTypes)._zod.def
  const { note, open = false } = schemaRules.get(schema) ?? {}
  if (note !== undefined) return always
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return open ? always : value => checkOf(definition.innerType)(value)
    case 'pipe':
      return open ? always : value => checkOf(definition.in)(value)
    case 'union':
      return open ? always : toUnionCheck(definition)
    case 'array':
      return open ? never : toArrayCheck(definition.element)
    case 'tuple':
      return open ? never : toTupleCheck(definition.items)
    case 'object':
      return open ? never : toObjectCheck(definition.shape)
    default:
      return never
  }
}

/** Claims that `findingsIn` may find something in a valid value: it costs a fraction of the walk, and most values have nothing. */
export const hasFindings = (schema: Schema, value: unknown): boolean => checkOf(schema)(value)

import type * as z from 'zod'
import { isRecord } from '../primitives/is-record.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { discriminatorOf, optionFor } from './schema-walk.ts'

type Schema = z.core.$ZodType
/** Claims that a valid value has something that deserves a remark. */
type Check = (value: unknown) => boolean

const checks = new WeakMap<Schema, Check>()

const never: Check = () => false
const always: Check = () => true

function checkOf(schema: Schema): Check {
  const check = checks.get(schema) ?? toCheck(schema)
  checks.set(schema, check)
  return check
}

/** The check of a schema that is made when it is first needed: schemas may contain themselves. */
function toLazyCheck(schema: Schema): Check {
  let check: Check | undefined
  return value => {
    check ??= checkOf(schema)
    return check(value)
  }
}

function toArrayCheck(element: Schema): Check {
  const check = toLazyCheck(element)
  return value => Array.isArray(value) && value.some(check)
}

function toTupleCheck(items: readonly Schema[]): Check {
  const itemChecks = items.map(toLazyCheck)
  return value => Array.isArray(value) && itemChecks.some((check, place) => check(value[place]))
}

function toObjectCheck(shape: Readonly<Record<string, Schema>>): Check {
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, toLazyCheck(field)]))
  return value => {
    if (!isRecord(value)) return false
    for (const name in value) {
      const check = fields.get(name)
      if (check === undefined || check(value[name])) return true
    }
    return false
  }
}

/** The options of a union by the value of their tag. */
function toTaggedCheck({ options }: z.core.$ZodUnionDef, discriminator: string): Check {
  const byTag = new Map<unknown, Check>()
  for (const option of options)
    for (const tag of option._zod.propValues?.[discriminator] ?? [])
      byTag.set(tag, toLazyCheck(option))
  return value => isRecord(value) && byTag.get(value[discriminator])?.(value) === true
}

function toUnionCheck(union: z.core.$ZodUnionDef): Check {
  const discriminator = discriminatorOf(union)
  if (discriminator !== undefined) return toTaggedCheck(union, discriminator)
  return value => {
    const option = optionFor(union, value)
    return option !== undefined && checkOf(option)(value)
  }
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
      return open ? always : toLazyCheck(definition.innerType)
    case 'pipe':
      return open ? always : toLazyCheck(definition.in)
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

import * as fc from 'fast-check'
import * as z from 'zod'
import { constraintsOf, jsonValue, numbers, texts } from './scalars.ts'
import { specialCases } from './special-cases.ts'

type Schema = z.core.$ZodType

const definitionOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def

const maxSpareElements = 3

const known = new Map<Schema, fc.Arbitrary<unknown>>()

/** Derives valid inputs of a schema from its definition; {@link specialCases} win. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const found = known.get(schema)
  if (found) return found
  const special = specialCases.get(schema)
  const derived = special ? special({ derive: () => derive(schema), arbitraryOf }) : derive(schema)
  known.set(schema, derived)
  return derived
}

function derive(schema: Schema): fc.Arbitrary<unknown> {
  const values = deriveUnrefined(schema)
  const { isRefined } = constraintsOf(definitionOf(schema))
  return isRefined ? values.filter(value => z.safeParse(schema, value).success) : values
}

function deriveUnrefined(schema: Schema): fc.Arbitrary<unknown> {
  const definition = definitionOf(schema)
  const constraints = constraintsOf(definition)
  switch (definition.type) {
    case 'string':
      return texts(constraints)
    case 'number':
      return numbers(constraints)
    case 'boolean':
      return fc.boolean()
    case 'unknown':
      return jsonValue
    case 'literal':
      return fc.constantFrom(...definition.values)
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries))
    case 'optional':
      return arbitraryOf(definition.innerType)
    case 'nullable':
      return fc.option(arbitraryOf(definition.innerType), { nil: null })
    case 'pipe':
      return arbitraryOf(definition.in)
    case 'union':
      return fc.oneof(...definition.options.map(arbitraryOf))
    case 'tuple':
      return fc.tuple(...definition.items.map(arbitraryOf))
    case 'array': {
      const minLength = constraints.minimum ?? 0
      return fc.array(arbitraryOf(definition.element), {
        minLength,
        maxLength: minLength + maxSpareElements,
      })
    }
    case 'object':
      return objects(definition)
    default:
      throw new TypeError(`No arbitrary is known for a schema of type "${definition.type}"`)
  }
}

const isOptional = (schema: Schema) => definitionOf(schema).type === 'optional'

function objects({ shape, catchall }: z.core.$ZodObjectDef): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape)
  const named = fc.record(
    Object.fromEntries(fields.map(([key, field]) => [key, arbitraryOf(field)])),
    {
      requiredKeys: fields.filter(([, field]) => !isOptional(field)).map(([key]) => key),
      noNullPrototype: true,
    },
  )
  const isOpen = catchall !== undefined && definitionOf(catchall).type === 'unknown'
  if (!isOpen) return named
  const name = fc
    .oneof(fc.constantFrom('skillId', 'constructor', 'x-😃'), fc.string({ maxLength: 8 }))
    .filter(key => !Object.hasOwn(shape, key) && key !== '__proto__')
  const unknownFields = fc.dictionary(name, jsonValue, {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  })
  const extras = fc.oneof(
    { arbitrary: fc.constant({}), weight: 4 },
    { arbitrary: unknownFields, weight: 1 },
  )
  return fc.tuple(named, extras).map(([value, extra]) => ({ ...value, ...extra }))
}

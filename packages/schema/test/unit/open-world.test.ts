import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { arbitraryOf } from '../../src/arbitraries/arbitrary-of.ts'
import { documentedExamples, fixtures } from '../../src/fixtures.ts'
import * as index from '../../src/index.ts'

type Schema = z.core.$ZodType

const definitionOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def

/** Every object and enumeration that a schema of sent data has. */
function partsOf(schema: Schema, found = new Set<Schema>()): Set<Schema> {
  const definition = definitionOf(schema)
  if (definition.type === 'object' || definition.type === 'enum') found.add(schema)
  const inner =
    definition.type === 'object'
      ? Object.values(definition.shape)
      : definition.type === 'union'
        ? definition.options
        : definition.type === 'array'
          ? [definition.element]
          : definition.type === 'optional'
            ? [definition.innerType]
            : []
  for (const part of inner) partsOf(part, found)
  return found
}

const isLoose = (part: Schema): boolean => {
  const definition = definitionOf(part)
  return definition.type === 'object' && definition.catchall?._zod.def.type === 'unknown'
}

interface Deviation {
  /** The object with a further field, or the enumeration with a further value. */
  readonly part: Schema
  readonly value: unknown
}

/** A sent value with one unknown field or one unknown value, for each place of it where one may be. */
function* deviationsOf(schema: Schema, value: unknown): Generator<Deviation> {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'enum':
      yield { part: schema, value: 'UNKNOWN value' }
      break
    case 'optional':
      yield* deviationsOf(definition.innerType, value)
      break
    case 'union': {
      const option = definition.options.find(candidate => z.safeParse(candidate, value).success)
      if (option) yield* deviationsOf(option, value)
      break
    }
    case 'array': {
      const elements = value as unknown[]
      for (const [place, element] of elements.entries())
        for (const deviation of deviationsOf(definition.element, element))
          yield { ...deviation, value: elements.with(place, deviation.value) }
      break
    }
    case 'object': {
      const fields = value as Record<string, unknown>
      yield { part: schema, value: { ...fields, 'unknown field': [null] } }
      for (const [key, field] of Object.entries(definition.shape))
        if (key in fields)
          for (const deviation of deviationsOf(field, fields[key]))
            yield { ...deviation, value: { ...fields, [key]: deviation.value } }
      break
    }
    default:
  }
}

const received = Object.entries(index).flatMap(([key, schema]) =>
  key.endsWith('Schema') && schema instanceof z.ZodType && index.toSent(schema) !== schema
    ? [[key.slice(0, -'Schema'.length), schema] as const]
    : [],
)

test.each(received)(
  '%s accepts an unknown field in each object and an unknown value of each enumeration, and its sent form neither (WH-4.3)',
  (_, schema) => {
    const sent = index.toSent(schema)
    const seen = new Set<Schema>()
    const refused: unknown[] = []
    for (const value of fc.sample(arbitraryOf(sent), { seed: 1, numRuns: 300 })) {
      expect(schema.safeParse(value)).toMatchObject({ success: true })
      for (const { part, value: deviating } of deviationsOf(sent, value)) {
        seen.add(part)
        if (!schema.safeParse(deviating).success) refused.push(deviating)
        if (!isLoose(part) && sent.safeParse(deviating).success) refused.push({ sent: deviating })
      }
    }
    expect(refused).toEqual([])
    expect(seen).toEqual(partsOf(sent))
  },
)

const values = [
  ...documentedExamples.map(({ name, schema, value }) => [name, schema, value] as const),
  ...Object.entries(fixtures).flatMap(([name, { smallest, fullest }]) => [
    [`the smallest ${name}`, name, smallest()] as const,
    [`the fullest ${name}`, name, fullest()] as const,
  ]),
].flatMap(([title, name, value]) => {
  const [, schema] = received.find(([each]) => each === name) ?? []
  return schema && !/Notif|Change|Dialog|Participant|Details/.test(name)
    ? [[title, schema, value] as const]
    : []
})

test.each(values)('the sent form of an answer accepts %s', (_, schema, value) => {
  expect(index.toSent(schema).parse(value)).toEqual(value)
})

test('a schema that derives from none is its own sent form', () => {
  expect(index.toSent(index.SendRequestSchema)).toBe(index.SendRequestSchema)
})

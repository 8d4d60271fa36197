import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { z as z3 } from 'zod/v3'
import { zodToJsonSchema } from 'zod-to-json-schema'
import { MetadataSchema, RichContentEventSchema, SendRequestSchema } from '../../../src/index.ts'
import {
  type JsonSchemaTarget,
  jsonSchemaTargets,
  toJsonSchema,
} from '../../../src/to-json-schema.ts'

const dialects = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
} as const

const createAjv = (target: JsonSchemaTarget) =>
  target === 'draft-07' ? new Ajv({ strict: true }) : new Ajv2020({ strict: true })

/** The same schema in both majors; a plain object may have further fields. */
const writers = {
  'zod 4': () => z.object({ a: z.string().min(1), b: z.number().nullable().optional() }),
  'zod 3': () => z3.object({ a: z3.string().min(1), b: z3.number().nullable().optional() }),
}

test.each(
  jsonSchemaTargets.flatMap(target =>
    Object.entries(writers).map(([major, write]) => [major, target, write] as const),
  ),
)('a schema of %s written as %s takes and refuses what the schema does', (_, target, write) => {
  const jsonSchema = toJsonSchema(write(), { target })
  expect(jsonSchema.$schema).toBe(dialects[target])
  const validate = createAjv(target).compile(jsonSchema)
  for (const value of [{ a: 'x' }, { a: 'x', b: null }, { a: 'x', more: true }, {}, { a: '' }, 1])
    expect(validate(value), `value ${JSON.stringify(value)}`).toBe(write().safeParse(value).success)
})

test.each(Object.entries(writers))('%s is written as draft 2020-12 by default', (_, write) => {
  expect(toJsonSchema(write()).$schema).toBe(dialects['draft-2020-12'])
})

test.each(Object.entries(writers))('the output of a plain object of %s is closed', (_, write) => {
  expect(toJsonSchema(write(), { io: 'output' })).toHaveProperty('additionalProperties', false)
  expect(toJsonSchema(write())).not.toHaveProperty('additionalProperties', false)
})

test('an unknown target is refused by its name, for zod would take it silently', () => {
  const target = 'draft-2019-09' as JsonSchemaTarget
  expect(z.toJSONSchema(z.string(), { target })).toEqual({ type: 'string' })
  expect(() => toJsonSchema(z.string(), { target })).toThrow(
    new TypeError('Unknown JSON Schema target "draft-2019-09": use draft-2020-12 or draft-07'),
  )
})

test('zod-to-json-schema still gives an empty schema for a schema of zod 4', () => {
  const schema = z.object({ a: z.string() }) as unknown as z3.ZodTypeAny
  expect(zodToJsonSchema(schema)).toEqual({ $schema: dialects['draft-07'] })
})

test.each([
  ['zod 4', z.unknown()],
  ['zod 3', z3.any()],
  ['a kind that zod-to-json-schema cannot read', { _def: { typeName: 'ZodFromTheFuture' } }],
])('an empty result is refused with what to do about it: %s', (_, schema) => {
  expect(() => toJsonSchema(schema as z.ZodType)).toThrow(
    new TypeError(
      'The JSON Schema is empty, so it would take every value: pass a schema that checks something, made by a zod 3.25 or later',
    ),
  )
})

test.each([undefined, null, 'text', { type: 'string' }])('%j is no schema of zod', value => {
  expect(() => toJsonSchema(value as unknown as z.ZodType)).toThrow(
    new TypeError(`Expected a schema of zod 3 or zod 4, received ${typeof value}`),
  )
})

test.each([
  ['ZodTuple', z3.object({ pair: z3.tuple([z3.string(), z3.number()]) })],
  ['ZodMap', z3.array(z3.map(z3.string(), z3.number()))],
])('a %s of zod 3 has a draft 7 form only', (name, schema) => {
  expect(() => toJsonSchema(schema)).toThrow(
    new TypeError(`A ${name} of zod 3 has no draft-2020-12 form: use target draft-07, or zod 4`),
  )
  expect(toJsonSchema(schema, { target: 'draft-07' }).$schema).toBe(dialects['draft-07'])
})

test.each([
  ['zod 4', () => z.string().transform(Number)],
  ['zod 3', () => z3.string().transform(Number)],
])('a transform of %s is written by its input, and has no output', (_, write) => {
  expect(toJsonSchema(write())).toMatchObject({ type: 'string' })
  expect(() => toJsonSchema(write(), { io: 'output' })).toThrow(/transform/i)
})

test('a registry names the parts that become definitions', () => {
  const part = z.string()
  const metadata = z.registry<Record<string, unknown>>().add(part, { id: 'Part', title: 'A part' })
  expect(toJsonSchema(z.array(part), { metadata })).toEqual({
    $schema: dialects['draft-2020-12'],
    type: 'array',
    items: { $ref: '#/$defs/Part' },
    $defs: { Part: { type: 'string', title: 'A part' } },
  })
})

test.each(jsonSchemaTargets)('an open union in %s takes no bad value of a known type', target => {
  const validate = createAjv(target).compile(toJsonSchema(MetadataSchema, { target }))
  expect(validate({ type: 'ExternalId', id: 'x'.repeat(64) })).toBe(true)
  expect(validate({ type: 'BotResponse', anything: 1 })).toBe(true)
  expect(validate({ type: 'ExternalId', id: 'x'.repeat(65) })).toBe(false)
  expect(validate({ type: 'ActionReason', reason: 1 })).toBe(false)
})

test.each(jsonSchemaTargets)('a card in %s has either a content or a message', target => {
  const validate = createAjv(target).compile(toJsonSchema(RichContentEventSchema, { target }))
  const [type, element] = ['RichContentEvent', { type: 'button' }]
  expect(validate({ type, content: element })).toBe(true)
  expect(validate({ type, message: element })).toBe(true)
  expect(validate({ type })).toBe(false)
  expect(validate({ type, content: element, message: element })).toBe(false)
})

test.each([
  ['zod 4', z.email()],
  ['zod 3', z3.string().email()],
])('a format of %s stays a format, which Ajv checks by ajv-formats', (_, schema) => {
  const ajv = createAjv('draft-2020-12')
  // ajv-formats is CommonJS, whose default export is one level deeper for TypeScript than for Node.
  const add = addFormats as unknown as (ajv: Ajv) => void
  add(ajv)
  const validate = ajv.compile(toJsonSchema(schema))
  expect([validate('me@example.org'), validate('me')]).toEqual([true, false])
})

test('the rules beside the schemas stay out of the JSON Schema', () => {
  expect(JSON.stringify(toJsonSchema(SendRequestSchema))).not.toMatch(/"(rule|note|expected)"/)
})

import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { z as z3 } from 'zod/v3'
import { zodToJsonSchema } from 'zod-to-json-schema'
import { MetadataSchema, RichContentEventSchema, SendRequestSchema } from '../../../src/index.ts'
import {
  type JsonSchema,
  type JsonSchemaTarget,
  jsonSchemaTargets,
  toJsonSchema,
} from '../../../src/to-json-schema.ts'
import { toJsonSchema as fromZod3 } from '../../../src/zod3.ts'

const dialects = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
} as const

const createAjv = (target: JsonSchemaTarget) =>
  target === 'draft-07' ? new Ajv({ strict: true }) : new Ajv2020({ strict: true })

type Convert = (target?: JsonSchemaTarget) => JsonSchema

const plain4 = z.object({ a: z.string().min(1), b: z.number().nullable().optional() })
const plain3 = z3.object({ a: z3.string().min(1), b: z3.number().nullable().optional() })

/** The same schema in both majors; a plain object may have further fields. */
const majors: readonly (readonly [string, Convert, (value: unknown) => boolean])[] = [
  [
    'zod 4',
    target => toJsonSchema(plain4, target && { target }),
    value => plain4.safeParse(value).success,
  ],
  ['zod 3', target => fromZod3(plain3, target), value => plain3.safeParse(value).success],
]

describe.each(majors)('a schema of %s', (_, convert, accepts) => {
  test.each(jsonSchemaTargets)('written as %s takes and refuses what the schema does', target => {
    const jsonSchema = convert(target)
    expect(jsonSchema.$schema).toBe(dialects[target])
    const validate = createAjv(target).compile(jsonSchema)
    for (const value of [{ a: 'x' }, { a: 'x', b: null }, { a: 'x', more: true }, {}, { a: '' }, 1])
      expect(validate(value), `value ${JSON.stringify(value)}`).toBe(accepts(value))
  })

  test('is written as draft 2020-12 by default', () => {
    expect(convert().$schema).toBe(dialects['draft-2020-12'])
  })

  test('is refused for an unknown target, which the converters take silently', () => {
    const target = 'draft-2019-09' as JsonSchemaTarget
    expect(() => convert(target)).toThrow(
      new TypeError('Unknown JSON Schema target "draft-2019-09": use draft-2020-12 or draft-07'),
    )
  })
})

test('the output of a plain object is closed, its input is not', () => {
  expect(toJsonSchema(plain4, { io: 'output' })).toHaveProperty('additionalProperties', false)
  expect(toJsonSchema(plain4)).not.toHaveProperty('additionalProperties', false)
  expect(fromZod3(plain3)).not.toHaveProperty('additionalProperties', false)
})

test('zod-to-json-schema still gives an empty schema for a schema of zod 4', () => {
  const schema = z.object({ a: z.string() }) as unknown as z3.ZodTypeAny
  expect(zodToJsonSchema(schema)).toEqual({ $schema: dialects['draft-07'] })
})

test.each([
  ['of zod 4', () => toJsonSchema(z.unknown())],
  ['of zod 3', () => fromZod3(z3.any())],
  [
    'of a kind that zod-to-json-schema cannot read',
    () => fromZod3({ _def: { typeName: 'ZodFromTheFuture' } } as unknown as z3.ZodTypeAny),
  ],
])('an empty result is refused: %s', (_, convert) => {
  expect(convert).toThrow(
    new TypeError(
      'The JSON Schema is empty, so it would take every value: pass a schema that checks something',
    ),
  )
})

test.each([undefined, null, 'text', { type: 'string' }, plain3])(
  'no schema of zod 4: %#',
  value => {
    expect(() => toJsonSchema(value as unknown as z.ZodType)).toThrow(
      new TypeError(
        `Expected a schema of zod 4, received ${typeof value}: @sendbox/schema/zod3 converts schemas of zod 3`,
      ),
    )
  },
)

test.each([undefined, null, 'text', { type: 'string' }, plain4])(
  'no schema of zod 3: %#',
  value => {
    expect(() => fromZod3(value as unknown as z3.ZodTypeAny)).toThrow(
      new TypeError(
        `Expected a schema of zod 3, received ${typeof value}: @sendbox/schema converts schemas of zod 4`,
      ),
    )
  },
)

test.each([
  ['ZodTuple', z3.object({ pair: z3.tuple([z3.string(), z3.number()]) })],
  ['ZodMap', z3.array(z3.map(z3.string(), z3.number()))],
])('a %s of zod 3 has a draft 7 form only', (name, schema) => {
  expect(() => fromZod3(schema)).toThrow(
    new TypeError(`A ${name} of zod 3 has no draft-2020-12 form: use target draft-07, or zod 4`),
  )
  expect(fromZod3(schema, 'draft-07').$schema).toBe(dialects['draft-07'])
})

test('a transform is written by its input, and has no output', () => {
  const transform = z.string().transform(Number)
  expect(toJsonSchema(transform)).toMatchObject({ type: 'string' })
  expect(() => toJsonSchema(transform, { io: 'output' })).toThrow(/transform/i)
  const transform3 = z3.string().transform(Number).pipe(z3.number())
  expect(fromZod3(transform3)).toMatchObject({ type: 'string' })
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
  ['zod 4', toJsonSchema(z.email())],
  ['zod 3', fromZod3(z3.string().email())],
])('a format of %s stays a format, which Ajv checks by ajv-formats', (_, jsonSchema) => {
  const ajv = createAjv('draft-2020-12')
  // ajv-formats is CommonJS, whose default export is one level deeper for TypeScript than for Node.
  const add = addFormats as unknown as (ajv: Ajv) => void
  add(ajv)
  const validate = ajv.compile(jsonSchema)
  expect([validate('me@example.org'), validate('me')]).toEqual([true, false])
})

test('the rules beside the schemas stay out of the JSON Schema', () => {
  expect(JSON.stringify(toJsonSchema(SendRequestSchema))).not.toMatch(/"(rule|note|expected)"/)
})

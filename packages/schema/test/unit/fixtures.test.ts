import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Fixture, fixtures } from '../../src/fixtures.ts'
import * as index from '../../src/index.ts'

const schemas = Object.entries(index).flatMap(([key, value]) =>
  key.endsWith('Schema') && value instanceof z.ZodType
    ? ([[key.slice(0, -'Schema'.length), value]] as const)
    : [],
)

const fixtureOf = (name: string) => (fixtures as Record<string, Fixture<unknown>>)[name]

const smallestOf = (name: string): unknown => fixtureOf(name)?.smallest()

const fullestOf = (name: string): unknown => fixtureOf(name)?.fullest()

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** The JSON Pointers of all fields and elements of a value, each with a copy of the value that lacks it. */
function* reductionsOf(value: unknown, path = ''): Generator<[path: string, reduced: unknown]> {
  if (!isContainer(value)) return
  for (const key of Object.keys(value)) {
    const { [key]: child, ...rest } = value
    const copy = (fields: Record<string, unknown>): unknown =>
      Array.isArray(value) ? Object.values(fields) : fields
    yield [`${path}/${key}`, copy(rest)]
    for (const [inner, reduced] of reductionsOf(child, `${path}/${key}`))
      yield [inner, copy({ ...value, [key]: reduced })]
  }
}

const definitionOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def

/** The JSON Pointers of the fields that the schema has and the value lacks; lists must not be empty either. */
function gapsIn(schema: z.core.$ZodType, value: unknown, path = ''): string[] {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'optional':
    case 'nullable':
      return gapsIn(definition.innerType, value, path)
    case 'pipe':
      return gapsIn(definition.in, value, path)
    case 'union': {
      const option = definition.options.find(candidate => z.safeParse(candidate, value).success)
      return option ? gapsIn(option, value, path) : [path]
    }
    case 'array': {
      const elements = value as unknown[]
      if (elements.length === 0) return [`${path}/0`]
      return elements.flatMap((element, place) =>
        gapsIn(definition.element, element, `${path}/${place}`),
      )
    }
    case 'tuple':
      return definition.items.flatMap((item, place) =>
        gapsIn(item, (value as unknown[])[place], `${path}/${place}`),
      )
    case 'object': {
      const fields = value as Record<string, unknown>
      return Object.entries(definition.shape).flatMap(([key, field]) =>
        key in fields ? gapsIn(field, fields[key], `${path}/${key}`) : [`${path}/${key}`],
      )
    }
    default:
      return []
  }
}

/** How many fields and elements a value has, at any depth. */
const sizeOf = (value: unknown): number => [...reductionsOf(value)].length

/** Each union with the names of those of its options that are exported. */
const unions = schemas.flatMap(([name, schema]) => {
  const options: readonly unknown[] = schema instanceof z.ZodUnion ? schema.options : []
  const names = schemas.flatMap(([option, candidate]) =>
    options.includes(candidate) ? [option] : [],
  )
  return names.length > 0 ? ([[name, names]] as const) : []
})

const objectFixtures = schemas.filter(
  ([name]) => isContainer(smallestOf(name)) && !Array.isArray(smallestOf(name)),
)

test('has a fixture for every exported schema and for nothing else', () => {
  expect(Object.keys(fixtures).toSorted()).toEqual(schemas.map(([name]) => name).toSorted())
})

test.each(schemas)('%s reads its smallest and its fullest value', (name, schema) => {
  expect(schema.safeParse(smallestOf(name))).toMatchObject({ success: true })
  expect(schema.safeParse(fullestOf(name))).toMatchObject({ success: true })
})

/** A batch and so its answer have two elements at least (EP-2), but the schema of the answer does not say so. */
const sparePaths: Readonly<Record<string, readonly string[]>> = {
  ConversationBatchResponse: ['/0', '/1'],
}

test.each(schemas)('%s has a smallest value of which nothing can be left out', (name, schema) => {
  const spare = [...reductionsOf(smallestOf(name))].filter(
    ([, reduced]) => schema.safeParse(reduced).success,
  )
  expect(spare.map(([path]) => path)).toEqual(sparePaths[name] ?? [])
})

test.each(schemas)(
  '%s has a fullest value that holds every optional field at any depth',
  (name, schema) => {
    const eitherContentOrMessage = name === 'RichContentEvent' ? ['/message'] : []
    expect(gapsIn(schema, fullestOf(name))).toEqual(eitherContentOrMessage)
  },
)

test.each(unions)(
  '%s takes its smallest value from the smallest of its options',
  (name, options) => {
    const sizes = options.map(option => sizeOf(smallestOf(option)))
    expect(sizeOf(smallestOf(name))).toBeLessThanOrEqual(Math.min(...sizes))
  },
)

test.each(objectFixtures)('%s lets overrides win, one level deep, for one call', name => {
  const fixture = fixtureOf(name) as Fixture<object>
  for (const build of [fixture.smallest, fixture.fullest]) {
    const before = build()
    const key = Object.keys(before)[0] ?? 'extra'
    expect(build({ [key]: { own: true } })).toStrictEqual({ ...before, [key]: { own: true } })
    expect(build()).toStrictEqual(before)
  }
})

test('leaves a field out whose override is undefined', () => {
  const request = fixtures.PublishEventRequest.fullest({ kind: undefined, metadata: undefined })
  expect(Object.keys(request)).toEqual(['id', 'type', 'body'])
})

test.each(schemas)('%s answers a new value on each call, at every depth', name => {
  const shared = (a: unknown, b: unknown): boolean =>
    isContainer(a) &&
    isContainer(b) &&
    (a === b || Object.keys(a).some(key => shared(a[key], b[key])))
  expect(shared(smallestOf(name), smallestOf(name))).toBe(false)
  expect(shared(fullestOf(name), fullestOf(name))).toBe(false)
})

test('copies overrides, so that a change of the value does not reach them', () => {
  const body = { dialogId: 'd', event: fixtures.ChatStateEvent.smallest() }
  const request = fixtures.PublishEventRequest.smallest({ body })
  request.body.dialogId = 'other'
  expect(body.dialogId).toBe('d')
})

test.each([
  ['SendRequest', index.parseSendRequest],
  ['PublishEventRequest', index.parseSendRequest],
  ['UpdateConversationFieldRequest', index.parseSendRequest],
  ['SetUserProfileRequest', index.parseSendRequest],
  ['GenerateUrlForUploadFileRequest', index.parseSendRequest],
  ['GenerateUrlForDownloadFileRequest', index.parseSendRequest],
  ['ConversationBatch', index.parseConversationBatch],
] as const)('%s has a smallest value that strict mode takes without a remark', (name, parse) => {
  expect(parse(smallestOf(name), { mode: 'strict' })).toMatchObject({ ok: true, diagnostics: [] })
})

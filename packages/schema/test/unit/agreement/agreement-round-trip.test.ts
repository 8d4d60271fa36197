import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { arbitraries } from '../../../src/arbitraries.ts'
import { fixtures, type SchemaName } from '../../../src/fixtures.ts'
import * as index from '../../../src/index.ts'

const schemas: Readonly<Record<string, unknown>> = index

const schemaOf = (name: SchemaName) => schemas[`${name}Schema`] as z.ZodType

const names = Object.keys(fixtures) as SchemaName[]

/** Older forms parse to today's form, which the schema of the older form does not read. */
const readAgainBy: Partial<Record<SchemaName, SchemaName>> = {
  OlderFileContentEvent: 'FileContentEvent',
  HostedFileEvent: 'FileContentEvent',
}

test.each(names)('%s reads what it gave, written as JSON, as the same again', name => {
  const values: fc.Arbitrary<unknown> = arbitraries[name]
  const again = schemaOf(readAgainBy[name] ?? name)
  const law = fc.property(values, value => {
    const parsed = schemaOf(name).parse(value)
    return isDeepStrictEqual(again.parse(JSON.parse(JSON.stringify(parsed))), parsed)
  })
  expect(() => fc.assert(law, { seed: 1, numRuns: 200 })).not.toThrow()
})

test.each(Object.keys(readAgainBy) as SchemaName[])('%s does not read its own output', name => {
  const output = schemaOf(name).parse(fixtures[name].smallest())
  expect(schemaOf(name).safeParse(output)).toMatchObject({ success: false })
})

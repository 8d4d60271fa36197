import { expect, test } from 'vitest'
import * as z from 'zod'
import { diagnose } from '../../../src/parse/diagnose.ts'
import { schemaRules } from '../../../src/primitives/rule-metadata.ts'

const pathsIn = (schema: z.ZodType, value: unknown, max = Number.POSITIVE_INFINITY): string[] => {
  const paths: string[] = []
  diagnose(schema, value, ({ problem }) => paths.push(problem.path) === max)
  return paths
}

const noted = z
  .looseObject({ known: z.string() })
  .register(schemaRules, { rule: 'REQ-4', note: 'another form' })

test('reports a value with a note, and then its unknown fields', () => {
  const schema = z.looseObject({ part: noted, parts: z.array(noted) })
  const value = { part: { known: 'a', odd: 1 }, parts: [{ known: 'b' }, { known: 'c', odd: 2 }] }
  expect(pathsIn(schema, value)).toEqual([
    '/part',
    '/part/odd',
    '/parts/0',
    '/parts/1',
    '/parts/1/odd',
  ])
})

test('reports nothing more once the reader has enough', () => {
  const schema = z.looseObject({ part: noted })
  expect(pathsIn(schema, { part: { known: 'a', odd: 1 } }, 1)).toEqual(['/part'])
})

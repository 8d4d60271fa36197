import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv, type AnySchema } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, inject, test } from 'vitest'

/** Each file is self-contained: strict mode refuses an unknown keyword and a dangling reference. */
const strict = { strict: true, allErrors: true }

test.each([
  ['2020-12', 'json-schema', () => new Ajv2020(strict)],
  ['draft-07', 'json-schema/draft-07', () => new Ajv(strict)],
])('Ajv compiles each shipped JSON Schema of %s in strict mode', async (_, path, createAjv) => {
  const folder = join(inject('consumerFolder'), 'node_modules/@sendbox/schema', path)
  const names = (await readdir(folder)).filter(name => name.endsWith('.json'))
  expect(names).toContain('SendRequest.json')
  expect(names.length).toBeGreaterThanOrEqual(10)
  const require = createRequire(join(inject('consumerFolder'), 'package.json'))
  const failures: string[] = []
  for (const name of names)
    try {
      createAjv().compile(require(`@sendbox/schema/${path}/${name}`) as AnySchema)
    } catch (error) {
      failures.push(`${name}: ${String(error)}`)
    }
  expect(failures).toEqual([])
})

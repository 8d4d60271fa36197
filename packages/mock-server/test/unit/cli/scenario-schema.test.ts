import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ScenarioSchema } from '../../../src/scenario/scenario-schema.ts'
import { runToEnd } from '../../command-terminal.ts'

/** The JSON Schema of a scenario file, as draft-07 for editors. */
const toFileSchema = (): object => ({
  ...z.toJSONSchema(ScenarioSchema, {
    io: 'input',
    target: 'draft-07',
    unrepresentable: 'any',
    reused: 'ref',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  }),
  title: 'A scenario of sendbox start --scenario, and of PUT …/scenario',
})

test('the schema of scenario files is what `npx vitest -u` writes from the schema: run it, and commit what it changed', async () => {
  const text = `${JSON.stringify(toFileSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../../scenario.schema.json')
})

test('sendbox schema scenario prints it', async () => {
  const shipped = await readFile(new URL('../../../scenario.schema.json', import.meta.url), 'utf8')
  const printed = await runToEnd(['schema', 'scenario'])
  expect(printed).toEqual({ code: 0, stdout: shipped, stderr: '' })
})

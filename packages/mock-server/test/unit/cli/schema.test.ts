import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runToEnd } from '../../command-terminal.ts'

const readShipped = (file: string): Promise<string> =>
  readFile(new URL(`../../../../schema/${file}`, import.meta.url), 'utf8')

test('lists every schema with what it is', async () => {
  const { code, stdout } = await runToEnd(['schema'])
  const { $defs } = JSON.parse(await readShipped('json-schema/bundle.json')) as { $defs: object }
  const lines = stdout.trimEnd().split('\n')
  expect(code).toBe(0)
  expect(lines.map(line => line.split(' ')[0])).toEqual(Object.keys($defs))
  expect(stdout).toMatch(/^Sequence +The sequence number of an event in its dialog/m)
})

test.each([
  [['SendRequest'], 'json-schema/SendRequest.json'],
  [['SendRequest', '--draft', 'draft-07'], 'json-schema/draft-07/SendRequest.json'],
  [['bundle'], 'json-schema/bundle.json'],
  [['--openapi'], 'openapi.json'],
])('prints what is shipped for %j', async (argv, file) => {
  const shipped = await readShipped(file)
  expect(await runToEnd(['schema', ...argv])).toEqual({ code: 0, stdout: shipped, stderr: '' })
})

test.each([
  ['SendReqest', 'did you mean SendRequest?'],
  ['SendRequestSchema', 'did you mean SendRequest?'],
  ['../../package', 'npx --no -- sendbox schema lists them'],
])('refuses the unknown schema %s', async (name, hint) => {
  expect(await runToEnd(['schema', name])).toEqual({
    code: 1,
    stdout: '',
    stderr: `there is no schema "${name}" (${hint})\n`,
  })
})

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { startMockServer } from '@sendbox/mock-server'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { curlIsMissing } from './curl.ts'
import { fenceOf } from './fence-of.ts'

const run = promisify(execFile)

const page = 'docs/settings.md'

const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')) as unknown

test('the examples of docs/settings.md go as they say', async ({ skip }) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  const { settings } = JSON.parse(await fenceOf('json', page)) as { readonly settings: object }
  await using server = await startMockServer({ settings })
  const fence = (await fenceOf('sh', page)).replace('http://127.0.0.1:4020', server.url)
  const { stdout } = await run('sh', ['-c', fence])
  expect(JSON.parse(stdout)).toMatchObject({
    settings: { secondConversation: 'reuse', survey: true, limits: { textLength: 2000 } },
  })
})

test('the JSON Schema of the config file takes the examples, and refuses what the command does', async () => {
  const schema = (await readJson('packages/mock-server/config.schema.json')) as object
  const isConfig = new Ajv({ validateFormats: false }).compile(schema)
  for (const path of [page, 'packages/mock-server/README.md']) {
    const example = JSON.parse(await fenceOf('json', path)) as object
    expect([path, isConfig(example)]).toEqual([path, true])
    expect(Object.keys(example)).toContain('$schema')
  }
  for (const wrong of [{ prot: 1 }, { settings: { survay: true } }, { settings: { mode: 'x' } }])
    expect([wrong, isConfig(wrong)]).toEqual([wrong, false])
})

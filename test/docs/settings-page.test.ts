import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { isDeepStrictEqual, promisify } from 'node:util'
import { type SettingsInput, startMockServer } from '@sendbox/mock-server'
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

/** The values of all fields by their paths; a list is a value. */
const flatten = (value: object, prefix = ''): (readonly [string, unknown])[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? flatten(inner, `${prefix}${name}.`)
      : [[prefix + name, inner] as const],
  )

/** The rows of the table: name, example, and whether it may change at run time. */
async function readRows() {
  const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `(.*) \|$/gm)].map(([, row = '']) => row.split(' | '))
  return rows.map(([name = '', , , example = '', , atRunTime = '']) => ({
    name: name.trim().slice(0, -1),
    example: example
      .trim()
      .slice(1, -1)
      .replace(/-----BEGIN CERTIFICATE-----\\n…/, JSON.stringify(rootCertificates[0]).slice(1, -1)),
    mayChange: atRunTime.startsWith('yes'),
  }))
}

const readSettings = async (url: string): Promise<Map<string, unknown>> => {
  const answer = await fetch(`${url}/__sendbox/accounts/12345678/settings`)
  const { settings } = (await answer.json()) as { readonly settings: object }
  return new Map(flatten(settings))
}

const rows = await readRows()

test('each setting has a row in docs/settings.md', async () => {
  await using server = await startMockServer()
  expect(rows.map(({ name }) => name)).toEqual([...(await readSettings(server.url)).keys()])
})

test.each(rows)(
  'the example of docs/settings.md for $name sets it alone',
  async ({ name, example, mayChange }) => {
    await using standard = await startMockServer()
    const defaults = await readSettings(standard.url)
    const changed = flatten(JSON.parse(example) as object)
    await using server = await startMockServer({ settings: JSON.parse(example) as SettingsInput })
    const { status } = await fetch(`${standard.url}/__sendbox/accounts/12345678/settings`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: example,
    })
    expect(status).toBe(mayChange ? 200 : 400)
    for (const url of mayChange ? [server.url, standard.url] : [server.url]) {
      const settings = [...(await readSettings(url))]
      const others = settings.filter(
        ([path, value]) => !isDeepStrictEqual(value, defaults.get(path)),
      )
      expect([others, changed.map(([path]) => path)]).toEqual([changed, [name]])
    }
  },
)

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

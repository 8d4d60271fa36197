import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { compareArtefacts } from '../../../scripts/compare-artefacts.ts'
import { createArtefacts, jsonSchemaFolder } from '../../../scripts/create-artefacts.ts'
import { findNamedSchemas } from '../../../scripts/named-schemas.ts'
import { documentedExamples, fixtures } from '../../../src/fixtures.ts'
import * as index from '../../../src/index.ts'

const artefacts = createArtefacts()

const folders = [
  ['2020-12', jsonSchemaFolder, Ajv2020],
  ['draft-07', `${jsonSchemaFolder}/draft-07`, Ajv],
] as const

const read = (path: string): Record<string, unknown> => JSON.parse(artefacts.get(path) ?? '')

const schemaNames = Object.keys(index)
  .filter(name => name.endsWith('Schema') && name !== 'toJsonSchema')
  .map(name => name.slice(0, -'Schema'.length))

test('the generated files are those that `pnpm generate` writes: run it, and commit what it changed', () => {
  const difference = compareArtefacts(artefacts)
  expect(difference, `run pnpm generate`).toEqual({ missing: [], different: [], stale: [] })
})

test('a missing, a changed and a stale file are each told apart', async () => {
  const root = `${await mkdtemp(join(tmpdir(), 'sendbox-'))}/`
  try {
    for (const [path, text] of artefacts) {
      await mkdir(dirname(root + path), { recursive: true })
      await writeFile(root + path, text)
    }
    expect(compareArtefacts(artefacts, root)).toEqual({ missing: [], different: [], stale: [] })
    await rm(`${root}docs/rules.md`)
    await writeFile(`${root}packages/schema/openapi.json`, '{}')
    await writeFile(`${root}${jsonSchemaFolder}/draft-07/Gone.json`, '{}')
    expect(compareArtefacts(artefacts, root)).toEqual({
      missing: ['docs/rules.md'],
      different: ['packages/schema/openapi.json'],
      stale: [`${jsonSchemaFolder}/draft-07/Gone.json`],
    })
  } finally {
    await rm(root, { recursive: true })
  }
})

test('the artefacts are the same in another process, locale and time zone', () => {
  const module = new URL('../../../scripts/create-artefacts.ts', import.meta.url)
  const script = `
    import { createArtefacts } from '${module.href}'
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    process.stdout.write(JSON.stringify({ locale, timeZone, artefacts: [...createArtefacts()] }))`
  const output = execFileSync(
    process.execPath,
    ['--conditions=@sendbox/source', '--import', 'tsx', '--input-type=module', '--eval', script],
    {
      cwd: new URL('../../..', import.meta.url),
      env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' },
      maxBuffer: 64 * 1024 * 1024,
      encoding: 'utf8',
    },
  )
  expect(JSON.parse(output)).toEqual({
    locale: 'tr-TR',
    timeZone: 'Pacific/Kiritimati',
    artefacts: [...artefacts],
  })
})

test.each(folders)(
  'each exported schema has a file of %s, and one bundle holds them all',
  (_, folder) => {
    expect(schemaNames.length).toBeGreaterThan(50)
    const files = [...artefacts.keys()]
      .filter(path => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
      .map(path => path.slice(folder.length + 1, -'.json'.length))
    expect(files.toSorted()).toEqual([...schemaNames, 'bundle'].toSorted())
    const { $defs, definitions } = read(`${folder}/bundle.json`)
    expect(Object.keys(($defs ?? definitions) as object)).toEqual(schemaNames.toSorted())
  },
)

test.each(folders)(
  'Ajv compiles each JSON Schema of %s in strict mode, all in one instance',
  (_, folder, Validator) => {
    const ajv = new Validator({ strict: true, allErrors: true })
    for (const name of [...schemaNames, 'bundle']) {
      const jsonSchema = read(`${folder}/${name}.json`)
      expect(jsonSchema).toMatchObject({
        $id: expect.stringMatching(new RegExp(`^urn:sendbox:schema:(draft-07:)?${name}$`)),
        title: name === 'bundle' ? 'Sendbox' : name,
        description: expect.stringMatching(/^[A-Z].*\.$/),
      })
      expect(() => ajv.compile(jsonSchema), `schema ${name}`).not.toThrow()
    }
  },
)

test.each(folders)(
  'each JSON Schema of %s takes the fixtures and the documented examples',
  (_, folder, Validator) => {
    const ajv = new Validator({ strict: true })
    const values = [
      ...documentedExamples.map(({ schema, value }) => [schema, value] as const),
      ...Object.entries(fixtures).flatMap(([name, fixture]) => [
        [name, fixture.smallest()] as const,
        [name, fixture.fullest()] as const,
      ]),
    ]
    expect(values.length).toBeGreaterThan(150)
    const refused: unknown[] = []
    for (const [name, value] of values) {
      const validate =
        ajv.getSchema(String(read(`${folder}/${name}.json`)['$id'])) ??
        ajv.compile(read(`${folder}/${name}.json`))
      if (!validate(value)) refused.push({ name, value, errors: validate.errors })
    }
    expect(refused).toEqual([])
  },
)

test.each(folders)(
  'no JSON Schema of %s has a format, which a strict validator may not know',
  (_, folder) => {
    expect(artefacts.get(`${folder}/bundle.json`)).not.toContain('"format": "')
    expect(artefacts.get(`${folder}/AppInstallManifest.json`)).toContain(
      '[Hh][Tt][Tt][Pp][Ss]?://"',
    )
  },
)

test.each(folders)('a batch of %s has a profile and a conversation', (_, folder, Validator) => {
  const validate = new Validator({ strict: true }).compile(read(`${folder}/ConversationBatch.json`))
  const profile = { id: '1', type: 'userprofile.SetUserProfile', body: {} }
  const conversation = { id: '2', type: 'cm.ConsumerRequestConversation', body: {} }
  expect(validate([profile, conversation])).toBe(true)
  expect(validate([profile, profile])).toBe(false)
  expect(validate([conversation, conversation])).toBe(false)
  expect(validate([profile])).toBe(false)
})

test('a schema without a doc comment is refused by name', () => {
  expect(() => findNamedSchemas({ BareSchema: z.string() }, new Map())).toThrow(
    new TypeError('BareSchema has no doc comment to describe it'),
  )
})

test('one schema under two names is refused by both', () => {
  const schema = z.string()
  const descriptions = new Map([
    ['One', 'One.'],
    ['Two', 'Two.'],
  ])
  expect(() => findNamedSchemas({ OneSchema: schema, TwoSchema: schema }, descriptions)).toThrow(
    new TypeError('TwoSchema and OneSchema are one schema'),
  )
})

test('a doc comment becomes one line without markup of its own', () => {
  const found = new Map(findNamedSchemas().map(({ name, description }) => [name, description]))
  expect(found.get('Sequence')).toBe(
    'The sequence number of an event in its dialog, from 0. Rule: SEQ-1.',
  )
  for (const [name, description] of found)
    expect(description, `schema ${name}`).not.toMatch(/\n|@link|\*/)
})

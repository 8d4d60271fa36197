import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rules as allRules } from '@sendbox/schema'
import { expect, onTestFinished, test } from 'vitest'
import { SettingsChangeSchema } from '../../../src/accounts/account-settings.ts'
import { toSettingViews } from '../../../src/cli/settings/reference.ts'
import { readConfigFile } from '../../../src/cli/start/read-options.ts'
import { parseSettings } from '../../../src/settings.ts'
import { runToEnd } from '../../command-terminal.ts'
import { readComments, toConfigSchema, toSettingsPage } from './settings-page.ts'

const source = await readFile(new URL('../../../src/settings.ts', import.meta.url), 'utf8')
const schema = toConfigSchema(source)
const views = toSettingViews({ ...schema })

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('the schema of the config file and docs/settings.md are what `npx vitest -u` writes from the settings: run it, and commit what it changed', async () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../../config.schema.json')
  await expect(toSettingsPage(schema)).toMatchFileSnapshot('../../../../../docs/settings.md')
})

/** The values of all fields by their paths; a list is a value. */
const flatten = (value: object, prefix = ''): (readonly [string, unknown])[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? flatten(inner, `${prefix}${name}.`)
      : [[prefix + name, inner] as const],
  )

/** True for a rule, and for a row of rules that was split: `EP-5` is `EP-5.1` and more. */
const isRule = (name: string): boolean =>
  allRules.some(({ id }) => id === name || id.startsWith(`${name}.`))

test('each setting has a description, rules that exist, and the default that is in effect', () => {
  const comments = readComments(source)
  expect(views.map(({ name, default: value }) => [name, value])).toEqual(flatten(parseSettings({})))
  for (const { name, default: value, rules, description } of views) {
    expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z`].*[.)]$/)])
    expect([name, rules.filter(id => !isRule(id))]).toEqual([name, []])
    const written = comments.get(name)?.default?.replaceAll('_', '').replaceAll("'", '"')
    expect([name, written?.replaceAll('", "', '","')]).toEqual([name, JSON.stringify(value)])
    expect(description).not.toContain('Rule')
  }
})

test('the settings that are listed as changing at run time are those that an account may change', () => {
  const refused = views.filter(({ name, default: value }) => {
    const change = name.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value)
    return !SettingsChangeSchema.safeParse(change).success
  })
  expect(refused.map(({ name }) => name)).toEqual(
    views.flatMap(({ name, fixed }) => (fixed === null ? [] : [name])),
  )
})

test('settings lists all in a line each, and shows a group or one in full', async () => {
  const all = await runToEnd(['settings'])
  expect(all.stdout.trimEnd().split('\n')).toHaveLength(views.length)
  expect(all.stdout).toMatch(/^survey +false {2}Whether a survey follows /m)
  expect(Math.max(...all.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
  const { stdout } = await runToEnd(['settings', 'agentLogin', 'token'])
  expect(stdout).toBe(`token.expiresIn
  Whether the token response has \`expires_in\`.
  default      true
  values       true, false
  rules        EP-11
  at run time  may change, for each account

token.lifetimeSeconds
  Lifetime of an AppJWT, in seconds; a short one shows whether a connector renews its token in time.
  default      3600
  values       a whole number from 1
  rules        AUTH-3
  at run time  may change, for each account

agentLogin
  Who may log in as an agent: anybody who asks the mock on a loopback address, anybody, or nobody.
  default      "loopback"
  values       "loopback", "everybody", "nobody"
  rules        EP-18
  at run time  fixed: whoever starts the mock decides who may log in
`)
  const json = await runToEnd(['settings', 'limits', '--json'])
  expect(JSON.parse(json.stdout)).toEqual(views.filter(({ name }) => name.startsWith('limits.')))
})

test('a setting that is none is refused with the nearest one', async () => {
  expect(await runToEnd(['settings', 'limits.textlength', 'x'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `there is no setting "limits.textlength" (did you mean limits.textLength?)
there is no setting "x" (npx --no -- sendbox settings lists them)\n`,
  })
})

test('init writes a file of defaults that start takes, and never changes one', async () => {
  const folder = await createFolder()
  const { code, stdout } = await runToEnd(['init'], { folder })
  expect(code).toBe(0)
  expect(stdout).toContain('npx --no -- sendbox start --config sendbox.json\n')
  const file = join(folder, 'sendbox.json')
  const written = JSON.parse(await readFile(file, 'utf8')) as { readonly $schema: string }
  expect(JSON.parse(await readFile(join(folder, written.$schema), 'utf8'))).toEqual(schema)
  expect(await readConfigFile(file)).toEqual({
    ok: true,
    value: {
      port: 4020,
      host: '127.0.0.1',
      settings: parseSettings({}),
      accounts: {
        12345678: {
          installs: [{ clientId: 'sendbox-client', clientSecret: 'sendbox-secret' }],
        },
      },
    },
  })
  await writeFile(file, 'mine')
  const refusals = [
    await runToEnd(['init'], { folder }),
    await runToEnd(['init', 'a/b'], { folder }),
  ]
  expect(refusals.map(({ code: exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [1, 'sendbox.json exists, and is not changed: choose another name\n'],
    [1, `a/b cannot be written: there is no folder ${join(folder, 'a')}\n`],
  ])
  expect(await readFile(file, 'utf8')).toBe('mine')
})

test('the $schema that init writes is that of the installed package, where there is one', async () => {
  const folder = await createFolder()
  const installed = './node_modules/@sendbox/mock-server/config.schema.json'
  await mkdir(join(folder, dirname(installed)), { recursive: true })
  await writeFile(join(folder, installed), '{}')
  await runToEnd(['init', 'mock.json'], { folder })
  expect(JSON.parse(await readFile(join(folder, 'mock.json'), 'utf8'))).toMatchObject({
    $schema: installed,
  })
})

test('schema config prints the schema of the config file', async () => {
  expect(JSON.parse((await runToEnd(['schema', 'config'])).stdout)).toEqual(schema)
})

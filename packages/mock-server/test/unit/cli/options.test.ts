import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type CommandOption, toFlag, toVariable } from '../../../src/cli/options.ts'
import { startOptions } from '../../../src/cli/start/options.ts'
import { readStartOptions, type StartRequest } from '../../../src/cli/start/read-options.ts'

interface Told {
  readonly flags?: Readonly<Record<string, string | boolean>>
  readonly env?: Readonly<Record<string, string>>
  readonly file?: unknown
}

async function createFolder(file: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'sendbox.json'), JSON.stringify(file))
  return folder
}

/** Reads flags, variables and a file, which a variable names. */
async function read({ flags = {}, env = {}, file }: Told): ReturnType<typeof readStartOptions> {
  const folder = file === undefined ? '/' : await createFolder(file)
  const named = file === undefined ? env : { SENDBOX_CONFIG: 'sendbox.json', ...env }
  return readStartOptions(flags, { env: named, folder })
}

async function readGood(told: Told): Promise<StartRequest> {
  const result = await read(told)
  if (!result.ok) throw new Error(result.refusal)
  return result.value
}

const defaults = { port: 4020, host: '127.0.0.1', json: false, logLevel: 'info' }

/** Two values for each option, as a text and as JSON, and how the first is read. */
const samples = {
  port: ['1', '2', { port: 1 }],
  host: ['::1', '::2', { host: '::1' }],
  seed: ['a', 'b', { seed: 'a' }],
  data: ['/a', '/b', { data: '/a' }],
  scenario: ['/a.json', '/b.json', { scenario: '/a.json' }],
  tls: ['true', 'false', { tls: true }],
  tlsCert: ['/a.pem', '/b.pem', { tlsCert: '/a.pem' }],
  tlsKey: ['/a.key', '/b.key', { tlsKey: '/a.key' }],
  caName: ['a.test, b.test', 'c', { caName: ['a.test', 'b.test'] }],
  passThrough: ['true', 'false', { passThrough: true }],
  mode: ['strict', 'as-service', { settings: { mode: 'strict' } }],
  minEvidence: ['recorded', 'tolerated', { settings: { minEvidence: 'recorded' } }],
  settings: ['{"survey":true}', '{"survey":false}', { settings: { survey: true } }],
  accounts: [
    '{"1":{"installs":[{}]}}',
    '{"1":{"installs":[{"clientId":"b"}]}}',
    { accounts: { 1: { installs: [{}] } } },
  ],
  controlToken: ['a', 'b', { controlToken: 'a' }],
  allowedHosts: ['a, b.test', 'c', { allowedHosts: ['a', 'b.test'] }],
  allowedOrigins: [
    'https://a.test,null://b',
    'https://c.test',
    { allowedOrigins: ['https://a.test', 'null://b'] },
  ],
  json: ['true', 'false', { json: true }],
  quiet: ['true', 'false', { quiet: true }],
  watch: ['true', 'false', { watch: true }],
  logLevel: ['error', 'debug', { logLevel: 'error' }],
} as const satisfies Record<
  Exclude<keyof typeof startOptions, 'config'>,
  readonly [string, string, object]
>

const rows = Object.entries(samples)

test('a data folder is looked for where the user is', async () => {
  const told = await readStartOptions({ data: 'kept' }, { env: {}, folder: '/home/zoe' })
  expect(told).toMatchObject({ ok: true, value: { data: '/home/zoe/kept' } })
})

test('without anything told there are the defaults', async () => {
  expect(await readGood({})).toEqual(defaults)
  expect(await readGood({ file: {} })).toEqual(defaults)
  expect(await readGood({ env: { SENDBOX_PORT: '', SENDBOX_CONFIG: '' } })).toEqual(defaults)
})

test.each(rows)('%s is told alike by flag, variable and file', async (name, [value, , config]) => {
  const expected = { ...defaults, ...config }
  expect(await readGood({ flags: { [name]: value } })).toEqual(expected)
  expect(await readGood({ env: { [toVariable(name)]: value } })).toEqual(expected)
  expect(await readGood({ file: config })).toEqual(expected)
})

test.each(rows)('%s: a flag wins over a variable, a variable over the file', async (...row) => {
  const [name, [value, other, config]] = row
  const expected = { ...defaults, ...config }
  const variable = toVariable(name)
  expect(await readGood({ flags: { [name]: value }, env: { [variable]: other } })).toEqual(expected)
  const { value: file } = (await read({ flags: { [name]: other } })) as { value: object }
  expect(await readGood({ env: { [variable]: value }, file })).toEqual(expected)
})

test('settings of several sources are laid over each other field by field', async () => {
  const file = { settings: { survey: true, mode: 'strict', limits: { fileBytes: 1 } } }
  const env = { SENDBOX_SETTINGS: '{"limits":{"textLength":2},"mode":"as-service"}' }
  const { settings } = await readGood({ file, env, flags: { minEvidence: 'recorded' } })
  expect(settings).toEqual({
    survey: true,
    mode: 'as-service',
    limits: { fileBytes: 1, textLength: 2 },
    minEvidence: 'recorded',
  })
})

test('a flag names another config file than the variable does', async () => {
  const folder = await createFolder({ port: 5 })
  const env = { SENDBOX_CONFIG: 'none.json' }
  const result = await readStartOptions({ config: 'sendbox.json' }, { env, folder })
  expect(result).toMatchObject({ ok: true, value: { port: 5 } })
})

test('every bad value of flags, variables and file is named with its source', async () => {
  const file = { prot: 1, settings: { mode: 1 } }
  const folder = await createFolder(file)
  const flags = { port: '4O20', json: true, settings: '{"surway":true,"token":{"expiresIn":1}}' }
  const env = {
    SENDBOX_CONFIG: 'sendbox.json',
    SENDBOX_PORT: '65536',
    SENDBOX_MODE: 'strickt',
    SENDBOX_JSON: 'yes',
    SENDBOX_LOG_LEVEL: 'loud',
    SENDBOX_ACCOUNTS: '{"1":{"installs":[{"clientSecret":"hush" "x"}]}}',
  }
  expect(await readStartOptions(flags, { env, folder })).toEqual({
    ok: false,
    refusal: `--port: expected a whole number from 0 to 65535, received "4O20"
--settings: /token/expiresIn: expected boolean, received 1
--settings: /surway: expected no such field, received true (did you mean "survey"?)
SENDBOX_PORT: expected a whole number from 0 to 65535, received "65536"
SENDBOX_MODE: expected as-service or strict, received "strickt" (did you mean "strict"?)
SENDBOX_ACCOUNTS: expected JSON: Expected ',' or '}' after property value in line 1, column 42
SENDBOX_JSON: expected true or false, received "yes"
SENDBOX_LOG_LEVEL: expected silent, error, warn, info, debug or trace, received "loud"
The config file ${folder}/sendbox.json is not valid:
  /settings/mode: expected as-service or strict, received 1
  /prot: expected no such field, received 1 (did you mean "port"?)`,
  })
})

test('no secret is shown where it is refused', async () => {
  const install = { installs: [{ clientSecret: ['hush-1'], clientsecret: 'hush-2' }] }
  const accounts = JSON.stringify({ 1: install, 2: 'client_secret=hush-3' })
  const file = { controlToken: ['hush-4'], controltoken: 'hush-5', accounts: { 1: install } }
  const folder = await createFolder(file)
  const env = { SENDBOX_CONFIG: 'sendbox.json', SENDBOX_ACCOUNTS: accounts }
  const result = await readStartOptions({ accounts, controlToken: '' }, { env, folder })
  const message = result.ok ? '' : result.refusal
  expect(message).toContain('--control-token: expected visible ASCII characters without blanks\n')
  expect(message).not.toContain('hush')
})

test('each option has a flag and a variable of its own, and says what it expects', () => {
  const entries = Object.entries<CommandOption>(startOptions)
  expect(new Set(entries.map(([name]) => toFlag(name))).size).toBe(entries.length)
  expect(entries.map(([name]) => toVariable(name))).toContain('SENDBOX_MIN_EVIDENCE')
  const faulty = entries.filter(
    ([, { help, expected, kind, argument }]) =>
      !/^[a-z]|^TCP/.test(help) ||
      expected === '' ||
      (argument === undefined) !== (kind === 'switch'),
  )
  expect(faulty).toEqual([])
})

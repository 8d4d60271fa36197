import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfigFile } from '../../../src/cli/start/read-options.ts'

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

async function createFile(text: string): Promise<string> {
  const path = join(await createFolder(), 'sendbox.json')
  await writeFile(path, text)
  return path
}

test('reads a config file as it is written', async () => {
  const config = {
    port: 0,
    host: '::1',
    seed: 's',
    settings: { mode: 'strict', limits: { fileBytes: 1 } },
    accounts: { 1: { installs: [{ clientId: 'mine' }] } },
  }
  expect(await readConfigFile(await createFile(JSON.stringify(config)))).toEqual({
    ok: true,
    value: config,
  })
  expect(await readConfigFile(await createFile('\uFEFF{}'))).toEqual({ ok: true, value: {} })
})

test('names every place that is wrong, and suggests what was probably meant', async () => {
  const path = await createFile(
    JSON.stringify({
      prot: 1,
      port: 70_000,
      host: '',
      seed: 1,
      logLevel: 'loud',
      json: 'yes',
      controltoken: 'hush',
      settings: { mode: 'strickt', tokn: {}, token: { expiresIn: 'no' } },
      accounts: { 1: { installs: [{ clientId: 'a', clientsecret: 'hush' }] } },
    }),
  )
  expect(await readConfigFile(path)).toEqual({
    ok: false,
    refusal: `The config file ${path} is not valid:
  /port: expected at most 65535, received 70000
  /host: expected at least 1 character, received ""
  /seed: expected string, received 1
  /settings/token/expiresIn: expected boolean, received "no"
  /settings/mode: expected as-service or strict, received "strickt" (did you mean "strict"?)
  /settings/tokn: expected no such field, received {} (did you mean "token"?)
  /accounts/1/installs/0/clientsecret: expected no such field, received <redacted> (did you mean "clientSecret"?)
  /json: expected boolean, received "yes"
  /logLevel: expected silent, error, warn, info, debug or trace, received "loud"
  /prot: expected no such field, received 1 (did you mean "port"?)
  /controltoken: expected no such field, received <redacted> (did you mean "controlToken"?)`,
  })
})

test('refuses a file that is no object', async () => {
  const path = await createFile('[]')
  expect(await readConfigFile(path)).toEqual({
    ok: false,
    refusal: `The config file ${path} is not valid:\n  expected object, received []`,
  })
})

test('says in one line that a file is not there, or a folder, or no JSON', async () => {
  const folder = await createFolder()
  const broken = await createFile('{"port": 4020,}')
  const paths = [join(folder, 'none.json'), folder, join(broken, 'below-a-file'), broken]
  const results = await Promise.all(paths.map(readConfigFile))
  expect(results.map(result => !result.ok && result.refusal)).toEqual([
    `Cannot read the config file ${paths[0]}: there is no such file`,
    `Cannot read the config file ${folder}: it is a folder`,
    `Cannot read the config file ${paths[2]}: there is no such file`,
    `The config file ${broken} is not valid JSON: Expected double-quoted property name in line 1, column 15`,
  ])
})

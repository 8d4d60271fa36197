import { execSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runNode, runPasted } from './run-node.ts'
import { findCommand, startCommand } from './start-command.ts'

const installed = (): string => join(inject('consumerFolder'), 'node_modules/@sendbox/mock-server')

interface Manifest {
  readonly version: string
  readonly bin: { readonly sendbox: string }
  readonly peerDependencies: { readonly lmdb: string }
}

const readManifest = async (): Promise<Manifest> =>
  JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))

const commandFile = (): Promise<string> =>
  findCommand(inject('consumerFolder'), 'mock-server', 'sendbox')

const start = (file: string, ...flags: readonly string[]) =>
  startCommand(file, { folder: inject('consumerFolder') }, ...flags)

test('without lmdb, --data names the line that installs it; with it, a data folder survives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-lmdb-'))
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
  await cp(installed(), join(folder, 'mock-server'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const { bin, peerDependencies } = await readManifest()
  const file = join(folder, 'mock-server', bin.sendbox)
  const data = join(folder, 'data')
  const line = `npm i lmdb@${peerDependencies.lmdb}`
  expect(runNode(file, 'start', '--port', '0', '--data', data)).toEqual({
    status: 1,
    output: `The data folder ${data} needs the package lmdb, which cannot be loaded: ${line}\n`,
  })
  expect(await readdir(folder)).not.toContain('data')

  execSync(`${line} --prefer-offline --no-audit --no-fund --ignore-scripts`, {
    cwd: folder,
    stdio: 'pipe',
  })
  const flags = ['--data', data, '--log-level', 'error']
  const send = (url: string) => runNode(file, 'send', 'Hello', '--url', url, '--consumer', 'zoe')
  await using first = await start(file, ...flags)
  expect(send(first.url)).toMatchObject({ status: 0, output: expect.stringContaining('200') })
  const metrics = await fetch(`${first.url}/__sendbox/metrics`)
  expect(await metrics.text()).toMatch(/^sendbox_\w+\{.*\} 1$/m)
  expect(await first.stop()).toEqual({ status: 0, stderr: '' })
  await using second = await start(file, ...flags)
  const answer = await fetch(`${second.url}/__sendbox/accounts/12345678/conversations`)
  expect(JSON.stringify(await answer.json())).toContain('Hello')
})

test('the line that continues a conversation works where it is printed', async () => {
  await using mock = await start(await commandFile(), '--log-level', 'error')
  const folder = inject('consumerFolder')
  const first = runPasted(`npx --no -- sendbox send Hello --url ${mock.url}`, folder)
  const next = /^ {2}(.* send .*) "…"$/m.exec(first.output)?.[1]
  expect(next).toBeDefined()
  expect(runPasted(`${next} again`, folder)).toEqual({
    status: 0,
    output: expect.stringContaining('HTTP 200'),
  })
})

test('the installed command prints schemas, rules and its version', async () => {
  const file = await commandFile()
  const schema = runNode(file, 'schema', 'SendRequest')
  expect(JSON.parse(schema.output)).toMatchObject({ title: 'SendRequest' })
  expect(runNode(file, 'rules', 'SEQ-1').output).toContain('SEQ-1')
  const { version } = await readManifest()
  expect(runNode(file, '--version')).toEqual({ status: 0, output: `${version}\n` })
})

test('the command imports nothing but Node, itself and lmdb, and names the licences of the rest', async () => {
  const folder = join(installed(), 'command')
  const files = (await readdir(folder)).filter(name => name.endsWith('.js'))
  const texts = await Promise.all(files.map(name => readFile(join(folder, name), 'utf8')))
  const imported = texts.flatMap(text =>
    [...text.matchAll(/^import (?:.* from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
      ([, head, lazy]) => head ?? lazy ?? '',
    ),
  )
  const strangers = imported.filter(
    name => !/^(\.\/|node:)/.test(name) && !builtinModules.includes(name),
  )
  expect(imported).toContain('node:http')
  expect([...new Set(strangers)]).toEqual(['lmdb'])
  const licenses = await readFile(join(folder, 'licenses.md'), 'utf8')
  for (const name of ['commander', 'express', 'jose', 'pino', 'prom-client', 'undici', 'zod'])
    expect(licenses).toMatch(new RegExp(`^## ${name} - `, 'm'))
})

import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { runPasted } from './run-node.ts'

const workspace = fileURLToPath(new URL('../../', import.meta.url))

const packages = ['schema', 'mock-server', 'client', 'contracts']

const folderOf = (name: string): string =>
  join(inject('consumerFolder'), 'node_modules/@sendbox', name)

/** The files of a package, as paths with slashes from its root. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .map(path => path.replaceAll('\\', '/'))
}

/** Every file that an exports map points at, whatever the condition. */
const targetsOf = (entry: unknown): string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry ?? {}).flatMap(targetsOf)

/** Whether a file matches a target, in which `*` is any text. */
function isThere(files: readonly string[], target: string): boolean {
  const [head = '', tail] = target.replace(/^\.\//, '').split('*')
  return files.some(file =>
    tail === undefined ? file === head : file.startsWith(head) && file.endsWith(tail),
  )
}

test.each(packages)('the tarball of %s holds neither tests nor build state', async name => {
  const files = await filesIn(folderOf(name))
  expect(files).toContain('dist/index.js')
  const strays = files.filter(file => /(^|\/)test\/|\.test\.|\.tsbuildinfo$/.test(file))
  expect(strays).toEqual([])
})

test.each(packages)(
  'the tarball of %s holds no private key, as the CA of a mock is made where it runs',
  async name => {
    const folder = folderOf(name)
    const files = await filesIn(folder)
    const contents = await Promise.all(files.map(file => readFile(join(folder, file), 'latin1')))
    const keys = files.filter((_, index) =>
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/]{20}/.test(contents[index] ?? ''),
    )
    expect(keys).toEqual([])
  },
)

test.each(packages)('the tarball of %s holds its licence and its changes', async name => {
  const folder = folderOf(name)
  const license = await readFile(join(workspace, 'LICENSE'), 'utf8')
  expect(await readFile(join(folder, 'LICENSE'), 'utf8')).toBe(license)
  expect(await readFile(join(folder, 'CHANGELOG.md'), 'utf8')).toBe('# Changes\n')
})

test('the tarball of contracts holds its pacts and traces', async () => {
  const files = await filesIn(folderOf('contracts'))
  expect(files).toContain('pacts/sendbox-client-send-api.json')
  const traces = await readdir(join(workspace, 'contracts/traces'))
  expect(files.filter(file => file.startsWith('traces/'))).toEqual(
    expect.arrayContaining(traces.map(name => `traces/${name}`)),
  )
})

test('no package of a plain install, on any platform, has a script that runs then', async () => {
  const folder = await mkdtemp(join(inject('consumerFolder'), 'plain-'))
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const tarballs = join(inject('checkoutFolder'), 'tarballs')
  const line = `npm i --package-lock-only --prefer-offline --no-audit --no-fund '${tarballs}'/*.tgz`
  expect(runPasted(line, folder)).toMatchObject({ status: 0 })
  const { packages: planned } = JSON.parse(
    await readFile(join(folder, 'package-lock.json'), 'utf8'),
  ) as { readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>> }
  expect(Object.keys(planned)).toContain('node_modules/@pact-foundation/pact-core')
  expect(Object.keys(planned).filter(path => planned[path]?.hasInstallScript)).toEqual([])
})

test.each(packages)('publint and attw agree with the tarball of %s', async name => {
  const tarballs = join(inject('checkoutFolder'), 'tarballs')
  const file = (await readdir(tarballs)).find(tarball => tarball.startsWith(`sendbox-${name}-`))
  for (const check of ['publint run --strict', 'attw --profile esm-only'])
    expect(
      runPasted(`node_modules/.bin/${check} '${join(tarballs, file ?? '')}'`, workspace),
    ).toEqual({
      status: 0,
      output: expect.any(String),
    })
})

test.each(packages)('no file of %s names the folder that it was built in', async name => {
  const folder = folderOf(name)
  const naming: string[] = []
  for (const file of await filesIn(folder))
    if ((await readFile(join(folder, file), 'utf8')).includes(inject('checkoutFolder')))
      naming.push(file)
  expect(naming).toEqual([])
})

test.each(packages)('each target of the exports map of %s is a file', async name => {
  const folder = folderOf(name)
  const files = await filesIn(folder)
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const targets = targetsOf(manifest.exports)
  expect(targets).toContain('./dist/index.js')
  expect(targets.filter(target => !isThere(files, target))).toEqual([])
})

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'

const workspace = fileURLToPath(new URL('../../', import.meta.url))

const packages = ['schema', 'mock-server', 'client']

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

test.each(packages)('no file of %s names the folder that it was built in', async name => {
  const folder = folderOf(name)
  const naming: string[] = []
  for (const file of await filesIn(folder))
    if ((await readFile(join(folder, file), 'utf8')).includes(workspace)) naming.push(file)
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

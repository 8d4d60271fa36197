import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'

const workspace = fileURLToPath(new URL('../../', import.meta.url))

const installed = (): string => join(inject('consumerFolder'), 'node_modules/@sendbox/schema')

/** The installed files, as paths with slashes from the package's root. */
async function installedFiles(): Promise<string[]> {
  const entries = await readdir(installed(), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(installed().length + 1))
    .map(path => path.replaceAll('\\', '/'))
}

/** Every file that an exports map points at, whatever the condition. */
const targetsOf = (entry: unknown): string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry ?? {}).flatMap(targetsOf)

/** Whether a file stands at a target, whose `*` stands for any text. */
function isThere(files: readonly string[], target: string): boolean {
  const [head = '', tail] = target.replace(/^\.\//, '').split('*')
  return files.some(file =>
    tail === undefined ? file === head : file.startsWith(head) && file.endsWith(tail),
  )
}

test('the tarball holds neither tests nor build state', async () => {
  const files = await installedFiles()
  expect(files).toContain('dist/index.js')
  const strays = files.filter(file => /(^|\/)test\/|\.test\.|\.tsbuildinfo$/.test(file))
  expect(strays).toEqual([])
})

test('no file of the tarball names the folder that it was built in', async () => {
  const naming: string[] = []
  for (const file of await installedFiles())
    if ((await readFile(join(installed(), file), 'utf8')).includes(workspace)) naming.push(file)
  expect(naming).toEqual([])
})

test('each target of the exports map is a file of the tarball', async () => {
  const files = await installedFiles()
  const manifest = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))
  const targets = targetsOf(manifest.exports)
  expect(targets).toContain('./dist/index.js')
  expect(targets.filter(target => !isThere(files, target))).toEqual([])
})

import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

const folders = {
  '@sendbox/schema': 'packages/schema',
  '@sendbox/mock-server': 'packages/mock-server',
  '@sendbox/client': 'packages/client',
  '@sendbox/contracts': 'contracts',
} as const

/** Which package may import which; schema is the floor, and mock and client never see each other. */
const allowed: Readonly<Record<keyof typeof folders, readonly string[]>> = {
  '@sendbox/schema': [],
  '@sendbox/mock-server': ['@sendbox/schema'],
  '@sendbox/client': ['@sendbox/schema'],
  '@sendbox/contracts': ['@sendbox/schema', '@sendbox/mock-server', '@sendbox/client'],
}

const sourcesOf = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder), { recursive: true }))
    .filter(path => path.endsWith('.ts'))
    .map(path => join(root, folder, path))

const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name)

test.each(Object.keys(allowed) as (keyof typeof folders)[])(
  '%s imports only the packages below it, by name',
  async name => {
    const folder = folders[name]
    const sources = await sourcesOf(`${folder}/src`)
    expect(sources.length).toBeGreaterThan(0)
    const strays: string[] = []
    for (const path of sources)
      for (const imported of importsOf(await readFile(path, 'utf8'))) {
        const isForeignPackage =
          imported.startsWith('@sendbox/') &&
          !allowed[name].includes(imported.split('/').slice(0, 2).join('/'))
        const isOutside =
          imported.startsWith('.') &&
          relative(join(root, folder), resolve(dirname(path), imported)).startsWith('..')
        if (isForeignPackage || isOutside) strays.push(`${relative(root, path)}: ${imported}`)
      }
    expect(strays).toEqual([])
  },
)

test('no source file is over 300 lines and no test over 400', async () => {
  const long: string[] = []
  for (const folder of [...Object.values(folders), 'test'])
    for (const path of await sourcesOf(folder)) {
      if (/node_modules|\/dist\//.test(path)) continue
      const lines = (await readFile(path, 'utf8')).split('\n').length
      if (lines > (/\/test\//.test(path) ? 400 : 300))
        long.push(`${relative(root, path)}: ${lines}`)
    }
  expect(long).toEqual([])
})

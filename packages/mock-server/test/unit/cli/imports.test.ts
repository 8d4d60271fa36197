import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const importedIn = (source: string): string[] =>
  [...source.matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)'|^} from '([^']+)'/gm)].map(
    ([, one, other]) => one ?? other ?? '',
  )

/** The packages that a module loads, through whatever it imports of its own package; what is imported once it is needed is none of them. */
async function packagesOf(entry: string): Promise<Set<string>> {
  const [packages, seen] = [new Set<string>(), new Set<string>()]
  const visit = async (url: URL): Promise<void> => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    for (const name of importedIn(await readFile(url, 'utf8')))
      if (name.startsWith('.')) await visit(new URL(name, url))
      else packages.add(name)
  }
  await visit(new URL(`../../../src/cli/${entry}`, import.meta.url))
  return packages
}

const heavy = ['express', 'undici', 'pino', 'jose', 'lmdb', 'prom-client']

test.each([
  ['run.ts', []],
  ['commands/rules.ts', []],
  ['commands/schema.ts', []],
  ['commands/send.ts', ['undici']],
])('%s loads only %j of the heavy packages', async (entry, expected) => {
  const packages = await packagesOf(entry)
  expect(heavy.filter(name => packages.has(name))).toEqual(expected)
})

test('the server is what loads Express', async () => {
  expect(await packagesOf('commands/start.ts')).toContain('express')
})

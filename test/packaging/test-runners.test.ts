import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runPasted } from './run-node.ts'

interface Fence {
  readonly language: string
  readonly code: string
}

/** The fences of each section of the page, by its heading; those before the first heading have the key ''. */
async function readSections(): Promise<Map<string, Fence[]>> {
  const page = await readFile(new URL('../../docs/test-runners.md', import.meta.url), 'utf8')
  return new Map(
    page.split(/^## /m).map((section, index) => {
      const heading = index === 0 ? '' : (section.split('\n')[0] ?? '')
      const fences = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
      return [heading, fences.map(([, language = '', code = '']) => ({ language, code }))]
    }),
  )
}

const sections = await readSections()

/** Writes the files of a section: the first line of each names it. */
async function writeFiles(folder: string, heading: string): Promise<void> {
  for (const { language, code } of sections.get(heading) ?? []) {
    if (language !== 'js') continue
    const [, name] = /^\/\/ (\S+)\n/.exec(code) ?? []
    if (name === undefined) throw new Error(`A file of "${heading}" has no name:\n${code}`)
    await writeFile(join(folder, name), code)
  }
}

const runners = [
  { heading: 'vitest', type: 'module', passed: /Tests +2 passed/ },
  { heading: 'jest', type: 'commonjs', passed: /^Tests: +2 passed, 2 total/m },
  { heading: 'jest, ES modules', type: 'module', passed: /^Tests: +1 passed, 1 total/m },
  { heading: 'node:test', type: 'module', passed: /^# pass 1$/m },
  { heading: 'node:test, CommonJS', type: 'commonjs', passed: /^# pass 1$/m },
] as const

test('each section of the page with a command is run', () => {
  const withCommand = [...sections].filter(([, fences]) =>
    fences.some(({ language }) => language === 'sh'),
  )
  expect(withCommand.map(([heading]) => heading)).toEqual(runners.map(({ heading }) => heading))
})

test.each(runners)('the example for $heading passes', async ({ heading, type, passed }) => {
  const folder = join(inject('consumerFolder'), 'runners', heading.replaceAll(/\W+/g, '-'))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type }))
  await writeFiles(folder, '')
  await writeFiles(folder, heading)
  const command = sections
    .get(heading)
    ?.find(({ language }) => language === 'sh')
    ?.code.trim()
  const { status, output } = runPasted(
    `unset FORCE_COLOR; export NO_COLOR=1; ${command} 2>&1`,
    folder,
  )
  expect({ status, output }).toMatchObject({ status: 0, output: expect.stringMatching(passed) })
})

/** The entries of a package that are modules; vitest refuses `require`. */
async function entriesOf(name: string): Promise<string[]> {
  const manifest = join(inject('consumerFolder'), 'node_modules', name, 'package.json')
  const { exports } = JSON.parse(await readFile(manifest, 'utf8')) as { exports: object }
  return Object.keys(exports)
    .filter(path => !/\.json$|\*|^\.\/vitest$/.test(path))
    .map(path => name + path.slice(1))
}

test('require loads each entry, without a warning', async () => {
  const names = ['schema', 'mock-server', 'client', 'contracts'].map(name => `@sendbox/${name}`)
  const entries = (await Promise.all(names.map(entriesOf))).flat()
  expect(entries).toEqual(expect.arrayContaining([...names, '@sendbox/mock-server/control']))
  const script = entries.map(entry => `require('${entry}')`).join(';')
  const { status, output } = runPasted(`node -e "${script}" 2>&1`, inject('consumerFolder'))
  expect({ status, output }).toEqual({ status: 0, output: '' })
})

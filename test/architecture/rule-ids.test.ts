import { rules } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { allRows } from '../rules/all-rows.ts'
import { listFiles, readText } from './repository.ts'
import { readTestTitles } from './test-titles.ts'

/** The rules themselves, what is generated from them, and a file of hashes. */
const isLeftOut = (path: string): boolean =>
  path === 'pnpm-lock.yaml' ||
  path === 'docs/rules.md' ||
  path.startsWith('packages/schema/src/rules/')

/** The ids of the rules, and of the rows of the protocol that were split into several rules. */
const knownIds: ReadonlySet<string> = new Set(
  rules.flatMap(({ id }) => [id, id.replace(/\.\d+$/, '')]),
)

/** Takes the whole word after the hyphen, so that a known id with a wrong tail is not mistaken for the known one. */
const ruleId =
  /(?<![\w-])(?:EP|AUTH|REQ|PUB|UPD|PRO|CON|URL|RES|SEQ|CS|LIF|WH)-\d[A-Za-z\d]*(?:\.\d+)*/g

const findRuleIds = (text: string): { line: number; id: string }[] =>
  text
    .split('\n')
    .flatMap((content, index) =>
      [...content.matchAll(ruleId)].map(([id]) => ({ line: index + 1, id })),
    )

const findUnknownIds = (path: string, text: string): string[] =>
  findRuleIds(text)
    .filter(({ id }) => !knownIds.has(id))
    .map(({ line, id }) => `${path}:${line} ${id}`)

test('every protocol id in the repository is that of a rule', async () => {
  const paths = (await listFiles('*.ts', '*.js', '*.md', '*.json')).filter(path => !isLeftOut(path))
  const texts = await Promise.all(paths.map(async path => ({ path, text: await readText(path) })))
  const used = new Set(texts.flatMap(({ text }) => findRuleIds(text).map(({ id }) => id)))
  expect([...used]).toEqual(expect.arrayContaining(['SEQ-1', 'EP-3.1', 'AUTH-4a', 'EP-3']))
  expect(texts.flatMap(({ path, text }) => findUnknownIds(path, text))).toEqual([])
})

/** The ids that a title ends with: `[SEQ-1, SEQ-2]`. */
const findTags = (title: string): string[] => {
  const [, tags = ''] = /\[([^[\]]+)\]$/.exec(title) ?? []
  return tags.split(', ').filter(tag => knownIds.has(tag))
}

test('each rule with a row has a test in a package whose title ends with its id', async () => {
  const paths = await listFiles('packages/*/test/*.test.ts', 'contracts/test/*.test.ts')
  const titles = await Promise.all(
    paths.map(async path => readTestTitles(path, await readText(path))),
  )
  const tagged = new Set(titles.flat().flatMap(findTags))
  const ruled = [...new Set<string>(allRows.map(({ rule }) => rule))]
  expect(ruled.length).toBeGreaterThan(100)
  expect(ruled.filter(id => !tagged.has(id))).toEqual([])
})

test('titles are read from tests and their tables, and from nothing else', () => {
  const source = [
    `test('a title [one]', () => expect('not a title [two]').toBe(1))`,
    `test.each([['a row [three]', { text: 1 }]])('of %s [four]', () => {})`,
    `test(\`a template of \${name} [five]\`, () => {})`,
    `describe('a group [six]', () => {})`,
    `// test('a comment [seven]')`,
  ]
  expect(readTestTitles('planted.test.ts', source.join('\n'))).toEqual([
    'a title [one]',
    'of %s [four]',
    'a row [three]',
    'a template of … [five]',
  ])
  expect(findTags('a title [SEQ-1, LIF-2.1]')).toEqual(['SEQ-1', 'LIF-2.1'])
  expect(findTags('[SEQ-1] is not at the end of this title')).toEqual([])
})

// An id that is written out here would be found in this very file.
const planted = (prefix: string, rest: string): string => `${prefix}-${rest}`

test('a planted unknown id is found with its file and line', () => {
  const text = [
    'Rule: SEQ-1, AUTH-4a and EP-3.1.',
    `Rule: ${planted('SEQ', '99')}; ${planted('EP', '3.9')}, "${planted('WH', '4z')}".`,
    'REQ-1 to REQ-8, `rules.md#LIF-2.1`',
    `${planted('REQ', '1A')} ${planted('SEQ', '1.1')} [${planted('EP', '10.1.2')}]`,
  ].join('\n')
  expect(findUnknownIds('docs/a.md', text)).toEqual([
    `docs/a.md:2 ${planted('SEQ', '99')}`,
    `docs/a.md:2 ${planted('EP', '3.9')}`,
    `docs/a.md:2 ${planted('WH', '4z')}`,
    `docs/a.md:4 ${planted('REQ', '1A')}`,
    `docs/a.md:4 ${planted('SEQ', '1.1')}`,
    `docs/a.md:4 ${planted('EP', '10.1.2')}`,
  ])
})

test('the row of a split rule is known, and so is a rule at the end of a sentence', () => {
  expect(findRuleIds('See EP-3, UPD-3a.1 and LIF-2.\nREQ-1–REQ-8, CS-1…')).toEqual([
    { line: 1, id: 'EP-3' },
    { line: 1, id: 'UPD-3a.1' },
    { line: 1, id: 'LIF-2' },
    { line: 2, id: 'REQ-1' },
    { line: 2, id: 'REQ-8' },
    { line: 2, id: 'CS-1' },
  ])
  expect(findUnknownIds('a.md', 'EP-3, UPD-3a, LIF-2')).toEqual([])
})

test.each(['UTF-8', 'SHA-1', 'LE-94525', 'conv-1', 'X-CS-1', 'STEP-1', 'EP-', 'CON-AIR', 'seq-99'])(
  '%s is not taken for a protocol id',
  text => {
    expect(findRuleIds(text)).toEqual([])
  },
)

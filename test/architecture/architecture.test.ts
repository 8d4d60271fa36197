import { describe, expect, test } from 'vitest'
import {
  findEmptyRooms,
  findFullFolders,
  findLongFiles,
  findStrays,
  findThinFiles,
  findUpward,
} from './find-offenders.ts'
import { knownOffenders } from './known-offenders.ts'
import { findCycles, readModules, readSpecifiers } from './modules.ts'
import { packages } from './packages.ts'

const everything = (
  await Promise.all([...packages.map(({ folder }) => folder), 'test'].map(readModules))
).flat()

describe.each(packages)('$name', owner => {
  const inSource = everything.filter(({ path }) => path.startsWith(`${owner.folder}/src/`))
  const known = (check: keyof typeof knownOffenders): string[] =>
    knownOffenders[check].filter(offender => offender.startsWith(`${owner.folder}/`))

  test('imports only the packages below it, by name', () => {
    expect(inSource.length).toBeGreaterThan(0)
    expect(findStrays(inSource, owner)).toEqual([])
  })

  test('has no import cycle, types included', () => {
    expect(findCycles(inSource)).toEqual(known('cycles'))
  })

  test('imports only downwards, and each floor has its rooms', () => {
    expect(findUpward(inSource, owner)).toEqual(known('upward'))
    expect(findEmptyRooms(inSource, owner).map(room => `${owner.folder}/: ${room}`)).toEqual(
      known('emptyRooms'),
    )
  })

  test('has no small file with one importer', () => {
    expect(findThinFiles(inSource, owner)).toEqual(known('thinFiles'))
  })
})

test('no folder is too full', () => {
  expect(findFullFolders(everything.map(({ path }) => path))).toEqual(knownOffenders.fullFolders)
})

test('no source file and no test is too long', () => {
  expect(findLongFiles(everything)).toEqual(knownOffenders.longFiles)
})

const planted = (path: string, imports: readonly string[] = [], lines = 50) => ({
  path: `packages/x/src/${path}`,
  lines,
  imports: imports.map(imported => `packages/x/src/${imported}`),
  specifiers: [],
})

const house = {
  name: '@sendbox/x',
  folder: 'packages/x',
  mayImport: ['@sendbox/schema'],
  floors: [['index'], ['attic/'], ['cellar/', 'well']],
  entries: ['index'],
}

test('every form of import is read, types included, and none out of a string or a comment', () => {
  const source = [
    `import type { A } from './a.ts'`,
    `import { type B } from './b.ts'`,
    `export * from './c.ts'`,
    `export type { D } from './d.ts'`,
    `import './e.ts'`,
    `const f = import('./f.ts')`,
    `type G = typeof import('./g.ts')`,
    `const text = "import h from './h.ts'" // import i from './i.ts'`,
  ].join('\n')
  const read = readSpecifiers('planted.ts', source)
  expect(read.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => `./${name}.ts`))
})

test('a planted cycle is named with its whole chain, once', () => {
  const chain = [
    planted('index.ts', ['attic/b.ts']),
    planted('attic/b.ts', ['attic/c.ts']),
    planted('attic/c.ts', ['attic/a.ts']),
    planted('attic/a.ts', ['attic/b.ts', 'attic/d.ts']),
    planted('attic/d.ts'),
  ]
  expect(findCycles(chain)).toEqual([
    ['a', 'b', 'c', 'a'].map(name => `packages/x/src/attic/${name}.ts`).join(' → '),
  ])
})

test('a planted import upwards or sideways is named, and so is a file on no floor', () => {
  const modules = [
    planted('index.ts', ['attic/a.ts', 'cellar/c.ts']),
    planted('attic/a.ts', ['attic/b.ts', 'well.ts']),
    planted('attic/b.ts', ['index.ts']),
    planted('cellar/c.ts', ['well.ts']),
    planted('shed.ts'),
  ]
  expect(findUpward(modules, house)).toEqual([
    'packages/x/src/attic/b.ts → packages/x/src/index.ts',
    'packages/x/src/cellar/c.ts → packages/x/src/well.ts',
    'packages/x/src/shed.ts: shed is on no floor',
  ])
  expect(findEmptyRooms(modules, house)).toEqual(['well'])
})

test('a planted small file with one importer is named; a larger one, an entry and an error are not', () => {
  const modules = [
    planted('index.ts', ['attic/small.ts', 'attic/large.ts', 'errors/one.ts'], 10),
    planted('attic/small.ts', [], 39),
    planted('attic/large.ts', ['index.ts', 'attic/shared.ts'], 40),
    planted('attic/shared.ts', [], 5),
    planted('cellar/c.ts', ['attic/shared.ts']),
    planted('errors/one.ts', [], 20),
  ]
  expect(findThinFiles(modules, house)).toEqual([
    'packages/x/src/attic/small.ts (39) ← packages/x/src/index.ts',
  ])
})

test('a planted import of another package or from outside is named', () => {
  const module = {
    ...planted('attic/a.ts'),
    specifiers: [
      '@sendbox/schema',
      '@sendbox/client',
      '../../../y/src/index.ts',
      '../index.ts',
      'zod',
    ],
  }
  expect(findStrays([module], house)).toEqual([
    'packages/x/src/attic/a.ts: @sendbox/client',
    'packages/x/src/attic/a.ts: ../../../y/src/index.ts',
  ])
})

test('a planted full folder and planted long files are named', () => {
  const full = Array.from({ length: 19 }, (_, index) => `packages/x/src/attic/${index}.ts`)
  expect(findFullFolders([...full, 'packages/x/src/attic/deeper/a.ts'])).toEqual([
    'packages/x/src/attic: 19',
  ])
  expect(
    findLongFiles([
      { path: 'packages/x/src/a.ts', lines: 301 },
      { path: 'packages/x/src/b.ts', lines: 300 },
      { path: 'packages/x/test/c.ts', lines: 400 },
      { path: 'test/d.ts', lines: 401 },
    ]),
  ).toEqual(['packages/x/src/a.ts: 301', 'test/d.ts: 401'])
})

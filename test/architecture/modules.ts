import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { root } from './repository.ts'

/** One TypeScript file; paths are relative to the root of the repository, with `/`. */
export interface Module {
  readonly path: string
  readonly lines: number
  /** Files of the same repository that it imports, types and dynamic imports included. */
  readonly imports: readonly string[]
  /** Every specifier as written. */
  readonly specifiers: readonly string[]
}

/** Every module specifier of a TypeScript source: imports, re-exports, `import()` and `import('…').Type`. */
export function readSpecifiers(path: string, source: string): string[] {
  const { module, program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`)
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ]
  const add = (expression: { type: string; value?: unknown }): void => {
    if (expression.type === 'Literal' && typeof expression.value === 'string')
      specifiers.push(expression.value)
  }
  if (source.includes('import('))
    new Visitor({
      ImportExpression: ({ source: from }) => add(from),
      TSImportType: ({ source: from }) => add(from),
    }).visit(program)
  return [...new Set(specifiers)]
}

/** Paths of all TypeScript files below a folder, sorted; build output and dependencies left out. */
async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(path => !/(^|\/)(node_modules|dist|\.generated)\//.test(path))
    .toSorted()
}

async function readModule(path: string): Promise<Module> {
  const source = await readFile(join(root, path), 'utf8')
  const specifiers = readSpecifiers(path, source)
  const folder = dirname(join(root, path))
  return {
    path,
    lines: source.split('\n').length - (source.endsWith('\n') ? 1 : 0),
    specifiers,
    imports: specifiers
      .filter(specifier => specifier.startsWith('.'))
      .map(specifier => relative(root, resolve(folder, specifier)).replaceAll('\\', '/')),
  }
}

/** Reads every module below a folder. */
export const readModules = async (folder: string): Promise<Module[]> =>
  Promise.all((await listSources(folder)).map(readModule))

const findWayBack = (
  start: string,
  importsOf: ReadonlyMap<string, readonly string[]>,
): string[] | undefined => {
  const ways: string[][] = [[start]]
  const seen = new Set<string>()
  for (const way of ways)
    for (const next of importsOf.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return way
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  return undefined
}

/** The import cycles among modules, each once, as `a → b → a`: for every module the shortest way back to itself. */
export function findCycles(modules: readonly Pick<Module, 'path' | 'imports'>[]): string[] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports]))
  const cycles = modules.flatMap(({ path }) => {
    const way = findWayBack(path, importsOf)
    if (way === undefined) return []
    const first = way.indexOf(way.toSorted()[0] ?? '')
    const turned = [...way.slice(first), ...way.slice(0, first)]
    return [[...turned, turned[0]].join(' → ')]
  })
  return [...new Set(cycles)].toSorted()
}

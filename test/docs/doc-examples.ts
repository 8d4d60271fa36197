import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import { transform } from 'esbuild'
import { parseSync, Visitor } from 'oxc-parser'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One fence of an `@example`. */
export interface DocExample {
  /** The documented name: `createClient`, or `Client.send` for a member of a type or class. */
  readonly name: string
  /** Path and line of the comment. */
  readonly place: string
  readonly code: string
}

interface Named {
  readonly start: number
  readonly name: string
}

interface Node {
  readonly start: number
}

/** Name of an identifier, key or declaration; empty for anything else. */
const nameOf = (node: unknown): string =>
  typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : ''

/** Exported declarations of a module, and the members of its types and classes. */
function listNames(path: string, source: string): Named[] {
  const names: Named[] = []
  const addMembers = (
    owner: string,
    members: readonly (Node & { readonly key?: unknown })[],
  ): void => {
    for (const member of members)
      names.push({ start: member.start, name: `${owner}.${nameOf(member.key)}` })
  }
  new Visitor({
    ExportNamedDeclaration({ start, declaration }) {
      if (declaration === null) return
      if (declaration.type === 'VariableDeclaration')
        names.push({ start, name: nameOf(declaration.declarations[0]?.id) })
      else if ('id' in declaration) names.push({ start, name: nameOf(declaration.id) })
    },
    TSInterfaceDeclaration: ({ id, body }) => addMembers(nameOf(id), body.body),
    ClassDeclaration: ({ id, body }) => addMembers(nameOf(id), body.body),
  }).visit(parseSync(path, source).program)
  return names
}

/** The fences of every `@example` in a comment. */
const fencesOf = (comment: string): string[] =>
  comment
    .replaceAll(/^[ \t]*\*(?: |$)/gm, '')
    .split(/^@/m)
    .filter(part => part.startsWith('example'))
    .flatMap(part => [...part.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code))

/** Lists the examples of one module; throws for one without an exported name. */
export function readExamples(path: string, source: string): DocExample[] {
  const names = listNames(path, source)
  return parseSync(path, source).comments.flatMap(comment => {
    if (!comment.value.includes('@example')) return []
    const place = `${path}:${source.slice(0, comment.start).split('\n').length}`
    const fences = fencesOf(comment.value)
    const next = names.find(
      ({ start }) => start > comment.end && source.slice(comment.end, start).trim() === '',
    )
    if (next === undefined || fences.length === 0)
      throw new Error(`${place}: an @example needs a fence of ts and an exported name below it`)
    return fences.map(code => ({ name: next.name, place, code }))
  })
}

/** Lists the examples below a source folder, given relative to the root of the repository. */
export async function collectExamples(folder: string): Promise<DocExample[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
  const sources = await Promise.all(
    paths.map(async path => readExamples(path, await readFile(join(root, path), 'utf8'))),
  )
  return sources.flat()
}

/** An example's output beside the output that its comments promise. */
export interface ExampleOutput {
  readonly logged: readonly string[]
  readonly promised: readonly string[]
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

/**
 * Runs the code of an example as the body of an async function that sees `globals` and a `console`.
 * Its named imports are loaded by the test. A `console.log(…) // text` promises the output `text`.
 */
export async function runExample(
  code: string,
  globals: Readonly<Record<string, unknown>>,
): Promise<ExampleOutput> {
  const logged: string[] = []
  const log = (...values: unknown[]): void => void logged.push(format(...values))
  const body = code.replaceAll(
    /^import \{([^}]*)\} from '([^']+)'$/gm,
    (_, names: string, specifier: string) => {
      const values = names.split(',').filter(name => !name.trim().startsWith('type '))
      return `const {${values.join(',').replaceAll(' as ', ': ')}} = await load('${specifier}')`
    },
  )
  const { code: script } = await transform(`const example = async () => {\n${body}\n}`, {
    loader: 'ts',
    target: 'node20',
  })
  const scope = {
    console: { log, error: log },
    load: (specifier: string): Promise<unknown> => import(/* @vite-ignore */ specifier),
    ...globals,
  }
  const run = new AsyncFunction(...Object.keys(scope), `${script}\nawait example()`)
  await run(...Object.values(scope))
  const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.+)$/gm)].map(
    ([, text = '']) => text,
  )
  return { logged, promised }
}

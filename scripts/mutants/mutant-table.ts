import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { root } from '../copy-checkout.ts'

/** One small mistake in a source file that the package's own tests should notice. */
export interface Mutant {
  /** Folder of the package: `packages/client`. */
  readonly folder: string
  /** Path relative to the package. */
  readonly file: string
  /** Text that occurs once in the file. */
  readonly find: string
  readonly replace: string
  /** The behaviour that the mistake breaks. */
  readonly why: string
}

export const mutantFolders = [
  'packages/schema',
  'packages/mock-server',
  'packages/client',
  'contracts',
] as const

const read = (path: string, checkout = root): string | undefined => {
  try {
    return readFileSync(join(checkout, path), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The committed mutants of a package, from `test/mutants.json`; none if it has no table. */
export const readMutants = (folder: string): Mutant[] =>
  (JSON.parse(read(`${folder}/test/mutants.json`) ?? '[]') as Omit<Mutant, 'folder'>[]).map(
    mutant => ({ folder, ...mutant }),
  )

/** The source of a checkout without and with the mistake; throws an `Error` that says why it cannot be made. */
export function mutate(
  { folder, file, find, replace }: Mutant,
  checkout = root,
): { readonly source: string; readonly mutated: string } {
  const path = `${folder}/${file}`
  const source = read(path, checkout)
  if (source === undefined) throw new Error(`${path} does not exist`)
  const count = source.split(find).length - 1
  if (count !== 1) throw new Error(`${path} has ${JSON.stringify(find)} ${count} times, not once`)
  if (find === replace) throw new Error(`${path}: ${JSON.stringify(find)} is not changed`)
  const mutated = source.replace(find, () => replace)
  const [error] = parseSync(path, mutated).errors
  if (error !== undefined)
    throw new Error(`${path}: ${error.message} after ${JSON.stringify(find)}`)
  return { source, mutated }
}

/** Identifies a mutant and the source that it changes: another value says that a stored result is stale. */
export const digestOf = (mutant: Mutant, checkout = root): string =>
  createHash('sha256')
    .update(JSON.stringify([mutant, read(`${mutant.folder}/${mutant.file}`, checkout)]))
    .digest('hex')
    .slice(0, 16)

/** The stored result of one mutant. */
export interface MutantResult {
  readonly mutant: string
  readonly digest: string
  /** The first test that failed; `null` for a mutant that survived. */
  readonly noticedBy: string | null
}

const resultsPath = 'test/architecture/mutant-results.json'

export const readResults = (): MutantResult[] =>
  JSON.parse(read(resultsPath) ?? '[]') as MutantResult[]

/** Path of the file with the results, absolute. */
export const resultsFile: string = join(root, resultsPath)

/** A mutant in one line. */
export const describeMutant = ({ folder, file, why }: Mutant): string => `${folder}/${file}: ${why}`

/** Share of all mutants that the tests must notice. */
export const minNoticed = 47 / 50

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { jsonSchemaFolder } from './create-artefacts.ts'

/** The root of the repository, which the paths of artefacts start from. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** How the files of a repository differ from the artefacts: paths, sorted. */
export interface Difference {
  readonly missing: readonly string[]
  readonly different: readonly string[]
  /** JSON Schema files that are no longer generated. */
  readonly stale: readonly string[]
}

/** Compares the artefacts with the files under `root`. */
export function compareArtefacts(
  artefacts: ReadonlyMap<string, string>,
  root: string = repository,
): Difference {
  const paths = [...artefacts.keys()].toSorted()
  const missing = paths.filter(path => !existsSync(root + path))
  const different = paths.filter(
    path => !missing.includes(path) && readFileSync(root + path, 'utf8') !== artefacts.get(path),
  )
  const stale = findJsonSchemaFiles(root).filter(path => !artefacts.has(path))
  return { missing, different, stale }
}

function findJsonSchemaFiles(root: string): string[] {
  const folder = root + jsonSchemaFolder
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length))
    .map(path => path.replaceAll('\\', '/'))
    .toSorted()
}

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of this checkout. */
export const root: string = fileURLToPath(new URL('../', import.meta.url))

const git = (...args: string[]): string[] =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\0')
    .filter(line => line !== '')

/** Copies what git would commit, uncommitted changes included, to a folder: a clone that is neither set up nor built. Returns the paths. */
export function copySources(folder: string): readonly string[] {
  const paths = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').filter(path =>
    existsSync(join(root, path)),
  )
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true })
  }
  return paths
}

/**
 * Copies this checkout to a temporary folder that is removed on dispose. Its packages find each other in the copy; what pnpm
 * installed is linked, not copied.
 */
export function copyCheckout(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sendbox-copy-'))
  const paths = copySources(folder)
  const workspaces = paths
    .filter(path => path.endsWith('package.json'))
    .map(path => join(dirname(path), 'node_modules'))
    .filter(path => !path.startsWith('bench') && existsSync(join(root, path)))
  for (const modules of workspaces) copyLinks(join(root, modules), join(folder, modules))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Copies pnpm's relative links as they are; its store of packages is linked as a whole. */
function copyLinks(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const source = join(from, name)
    if (name === '.pnpm') symlinkSync(source, join(to, name))
    else if (lstatSync(source).isSymbolicLink() || name === '.bin')
      cpSync(source, join(to, name), { recursive: true, verbatimSymlinks: true })
    else if (name.startsWith('@')) copyLinks(source, join(to, name))
  }
}

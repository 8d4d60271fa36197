import { posix } from 'node:path'
import type { Module } from './modules.ts'
import {
  maxFilesPerFolder,
  maxSourceLines,
  maxTestLines,
  minLinesOfOneImporter,
  type Package,
  roomsOfSmallFiles,
} from './packages.ts'

/** The room of a file: its folder below `src` (`http/`), or its own name at the root (`index`). */
function toRoom(path: string, { folder }: Package): string {
  const inside = path.slice(`${folder}/src/`.length)
  const end = inside.indexOf('/')
  return end === -1 ? inside.replace(/\.tsx?$/, '') : inside.slice(0, end + 1)
}

/** Imports that leave the package, or name a package that is not below it: `file: specifier`. */
export const findStrays = (modules: readonly Module[], { folder, mayImport }: Package): string[] =>
  modules.flatMap(({ path, specifiers }) =>
    specifiers
      .filter(specifier =>
        specifier.startsWith('.')
          ? !posix.join(posix.dirname(path), specifier).startsWith(`${folder}/`)
          : specifier.startsWith('@sendbox/') &&
            !mayImport.includes(specifier.split('/').slice(0, 2).join('/')),
      )
      .map(specifier => `${path}: ${specifier}`),
  )

/** Imports to the same floor or a higher one, as `file → file`, and files whose room is on no floor. */
export function findUpward(modules: readonly Module[], owner: Package): string[] {
  const floorOf = new Map(owner.floors.flatMap((rooms, floor) => rooms.map(room => [room, floor])))
  return modules.flatMap(({ path, imports }) => {
    const room = toRoom(path, owner)
    const floor = floorOf.get(room)
    if (floor === undefined) return [`${path}: ${room} is on no floor`]
    return imports
      .filter(imported => imported.startsWith(`${owner.folder}/src/`))
      .filter(imported => {
        const target = toRoom(imported, owner)
        return target !== room && (floorOf.get(target) ?? floor) <= floor
      })
      .map(imported => `${path} → ${imported}`)
  })
}

/** Rooms on a floor that no file has. */
export function findEmptyRooms(modules: readonly Module[], owner: Package): string[] {
  const rooms = new Set(modules.map(({ path }) => toRoom(path, owner)))
  return owner.floors.flat().filter(room => !rooms.has(room))
}

/** Small files with one importer, as `file (lines) ← importer`. */
export function findThinFiles(modules: readonly Module[], { folder, entries }: Package): string[] {
  const importersOf = new Map<string, string[]>()
  for (const { path, imports } of modules)
    for (const imported of imports)
      importersOf.set(imported, [...(importersOf.get(imported) ?? []), path])
  const isExempt = (path: string): boolean =>
    path.endsWith('/index.ts') ||
    entries.some(entry => path === `${folder}/src/${entry}.ts`) ||
    path.split('/').some(part => roomsOfSmallFiles.includes(part))
  return modules.flatMap(({ path, lines }) => {
    const importers = importersOf.get(path) ?? []
    return lines < minLinesOfOneImporter && importers.length === 1 && !isExempt(path)
      ? [`${path} (${lines}) ← ${importers[0]}`]
      : []
  })
}

/** Folders with too many files, as `folder: count`. */
export function findFullFolders(paths: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const path of paths) {
    const folder = posix.dirname(path)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > maxFilesPerFolder)
    .map(([folder, count]) => `${folder}: ${count}`)
}

/** Files over their limit, as `file: lines`. */
export const findLongFiles = (modules: readonly Pick<Module, 'path' | 'lines'>[]): string[] =>
  modules
    .filter(
      ({ path, lines }) => lines > (/(^|\/)test\//.test(path) ? maxTestLines : maxSourceLines),
    )
    .map(({ path, lines }) => `${path}: ${lines}`)

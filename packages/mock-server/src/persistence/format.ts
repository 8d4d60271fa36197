import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { readPackageVersion } from '../package-file.ts'
import { caFolder } from '../tls/ca-folder.ts'
import { DataError } from './data-error.ts'

/** The version of the folder format. */
const dataVersion = 2

const formatFile = 'format.json'

/** Written before the database is made, and renamed after: a folder with it alone was left by a mock that was killed meanwhile. */
const draftFile = `${formatFile}.new`

/** The content of {@link formatFile}. */
const DataFormatSchema = z.looseObject({
  format: z.literal('sendbox-data'),
  version: z.int().min(1),
  /** The version of Sendbox that created the folder, or upgraded it. */
  sendbox: z.string(),
})

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

async function createFolder(folder: string): Promise<string[]> {
  try {
    // It has client secrets: its user alone may read it.
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await readdir(folder)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new DataError('notAFolder', folder, 'is a file: choose a folder', error)
    const words = `cannot be made or opened (${code}): choose one that this user may write to`
    throw new DataError('unwritable', folder, words, error)
  }
}

async function readFormat(folder: string): Promise<z.output<typeof DataFormatSchema>> {
  try {
    const text = await readFile(path.join(folder, formatFile), 'utf8')
    return DataFormatSchema.parse(JSON.parse(text))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const words = `has no ${formatFile}: it is none that a mock was started with`
      throw new DataError('foreign', folder, words, error)
    }
    const words = `has a ${formatFile} that cannot be read: put back a copy of the folder, or choose an empty one`
    throw new DataError('unreadable', folder, words, error)
  }
}

/** A folder with a format has a database: an empty one is no fresh start. */
async function refuseLostDatabase(folder: string): Promise<void> {
  const file = path.join(folder, 'lmdb', 'data.mdb')
  const size = await stat(file).then(
    found => found.size,
    () => undefined,
  )
  if (size !== undefined && size > 0) return
  const what = size === undefined ? 'no database' : 'an empty database'
  const words = `has ${what}, where it had accounts: put back a copy of the folder, or choose an empty one`
  throw new DataError('damaged', folder, words)
}

/** Writes the format, durably. */
async function writeDraft(folder: string): Promise<void> {
  const sendbox = await readPackageVersion()
  const format = { format: 'sendbox-data', version: dataVersion, sendbox }
  try {
    await writeFile(path.join(folder, draftFile), `${JSON.stringify(format)}\n`, { flush: true })
  } catch (error) {
    const words = `cannot be written to (${codeOf(error)}): make room there, or choose one that this user may write to`
    throw new DataError('unwritable', folder, words, error)
  }
}

/** The state of a data folder before its database is opened. */
export interface DataFolder {
  /** The version of its format; `undefined` for a folder that is begun. */
  readonly version: number | undefined
  /** Records that the database has the present format. */
  readonly complete: () => Promise<void>
}

/** The version of a folder that has a format; rejects with a `DataError` if this mock cannot read it. */
export async function findVersion(folder: string): Promise<number> {
  const { version, sendbox } = await readFormat(folder)
  if (version > dataVersion) {
    const words = `has version ${version}, this mock reads version ${dataVersion}: start it with Sendbox ${sendbox} or newer, or choose another folder`
    throw new DataError('newer', folder, words)
  }
  await refuseLostDatabase(folder)
  return version
}

/** `undefined` for a folder that is new, or whose creation was interrupted. */
async function findOrBegin(folder: string): Promise<number | undefined> {
  const files = await createFolder(folder)
  if (files.includes(formatFile)) return findVersion(folder)
  if (files.every(file => file === caFolder) || files.includes(draftFile)) {
    await writeDraft(folder)
    return undefined
  }
  const words = 'has other files, and is none of Sendbox: choose an empty one'
  throw new DataError('foreign', folder, words)
}

/** Finds or begins a data folder; rejects with a `DataError`, and changes nothing, if this mock cannot read it. */
export async function prepareFolder(folder: string): Promise<DataFolder> {
  const version = await findOrBegin(folder)
  return {
    version,
    async complete() {
      if (version === dataVersion) return
      await writeDraft(folder)
      await rename(path.join(folder, draftFile), path.join(folder, formatFile))
    },
  }
}

/** Whether other users may read a folder: its permissions are wider than 0700. */
export async function isReadableByOthers(folder: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(folder)).mode & 0o077) !== 0
}

import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { readPackageVersion } from '../package-version.ts'
import { DataError } from './data-error.ts'

/** The version of the folder format. */
const dataVersion = 1

const formatFile = 'format.json'

/** Remains if the mock was killed while it created the folder. */
const draftFile = `${formatFile}.new`

/** The content of {@link formatFile}. */
const DataFormatSchema = z.looseObject({
  format: z.literal('sendbox-data'),
  version: z.int().min(1),
  /** The version of Sendbox that created the folder. */
  sendbox: z.string(),
})

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

async function listFiles(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true })
    return await readdir(folder)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new DataError('notAFolder', folder, 'is a file: choose a folder', error)
    const words = `cannot be made or opened (${code}): choose one that this user may write to`
    throw new DataError('unwritable', folder, words, error)
  }
}

async function createFormat(folder: string): Promise<void> {
  const format = {
    format: 'sendbox-data',
    version: dataVersion,
    sendbox: await readPackageVersion(),
  }
  const draft = path.join(folder, draftFile)
  try {
    await writeFile(draft, `${JSON.stringify(format)}\n`, { flush: true })
    await rename(draft, path.join(folder, formatFile))
  } catch (error) {
    const words = `cannot be written to (${codeOf(error)}): make room there, or choose one that this user may write to`
    throw new DataError('unwritable', folder, words, error)
  }
}

async function readFormat(folder: string): Promise<z.output<typeof DataFormatSchema>> {
  try {
    const text = await readFile(path.join(folder, formatFile), 'utf8')
    return DataFormatSchema.parse(JSON.parse(text))
  } catch (error) {
    const words = `has a ${formatFile} that cannot be read: put back a copy of the folder, or choose an empty one`
    throw new DataError('unreadable', folder, words, error)
  }
}

/** Creates a data folder if there is none; rejects with a `DataError`, and changes nothing, if this mock cannot read it. */
export async function checkDataFolder(folder: string): Promise<void> {
  const files = (await listFiles(folder)).filter(file => file !== draftFile)
  if (files.length === 0) return createFormat(folder)
  if (!files.includes(formatFile))
    throw new DataError(
      'foreign',
      folder,
      'has other files, and is none of Sendbox: choose an empty one',
    )
  const { version, sendbox } = await readFormat(folder)
  if (version <= dataVersion) return
  const words = `has version ${version}, this mock reads version ${dataVersion}: start it with Sendbox ${sendbox} or newer, or choose another folder`
  throw new DataError('newer', folder, words)
}

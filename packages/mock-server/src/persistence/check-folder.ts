import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { DataError } from './data-error.ts'
import { findVersion } from './format.ts'
import { loadLmdb } from './lmdb-database.ts'

const FolderReadingSchema = z.object({
  counts: z.object({
    accounts: z.int(),
    rows: z.int(),
    conversations: z.int(),
    entries: z.int(),
    files: z.int(),
    deliveries: z.int(),
  }),
  /** The first problems, one sentence each. */
  problems: z.array(z.string()),
  problemCount: z.int(),
})

/** The number of rows in a data folder, and its problems. */
export type FolderReading = z.output<typeof FolderReadingSchema>

const child = fileURLToPath(new URL('./read-folder.js', import.meta.url))

/** The last line that a process printed about its end. */
const lastLineOf = (output: string): string =>
  output
    .split('\n')
    .findLast(line => /error/i.test(line))
    ?.trim() ?? 'it printed no reason'

/**
 * Reads all rows of a folder in a child process, which LMDB may end if the database is damaged. Rejects with a `DataError` if the folder
 * cannot be read to its end.
 */
async function readFolder(folder: string): Promise<FolderReading> {
  const reader = spawn(process.execPath, [child, path.join(folder, 'lmdb')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const [output, errors, [code, signal]] = await Promise.all([
    text(reader.stdout),
    text(reader.stderr),
    once(reader, 'close') as Promise<[number | null, string | null]>,
  ])
  if (code === 0) return FolderReadingSchema.parse(JSON.parse(output))
  const reason = signal === null ? lastLineOf(errors) : `LMDB ended the process with ${signal}`
  const words = `is damaged (${reason}): put back a copy of the folder, or choose an empty one`
  throw new DataError('damaged', folder, words)
}

/** Reads a folder of any format that this mock reads; rejects with a `DataError` for any other folder. */
export async function inspectFolder(folder: string): Promise<FolderReading> {
  await loadLmdb(folder)
  await findVersion(folder)
  return readFolder(folder)
}

/** Rejects with a `DataError` that names the first problem, if a folder has any. */
export async function checkFolder(folder: string): Promise<void> {
  const { problems, problemCount } = await readFolder(folder)
  const [problem] = problems
  if (problem === undefined) return
  const more = problemCount > 1 ? `, and ${problemCount - 1} more` : ''
  const words = `is damaged (${problem}${more}): put back a copy of the folder, or choose an empty one; sendbox check ${folder} lists what is wrong`
  throw new DataError('damaged', folder, words)
}

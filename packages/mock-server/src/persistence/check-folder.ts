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

/** Signals that end a process for what it does itself, such as LMDB's reading of a damaged database. */
const crashes: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']

/** Why a folder was not read to its end, from the signal and the standard error of the process that read it. */
export function explainReaderEnd(folder: string, signal: string | null, errors: string): DataError {
  if (signal !== null && !crashes.includes(signal)) {
    const words = `was not read to its end, as the process that reads it was ended by ${signal}: try again`
    return new DataError('unreadable', folder, words)
  }
  const reason = signal === null ? lastLineOf(errors) : `LMDB ended the process with ${signal}`
  if (/permission denied|EACCES|EPERM/i.test(reason)) {
    const words = `cannot be read (${reason}): let this user read and write all of it, or choose another`
    return new DataError('unreadable', folder, words)
  }
  const words = `is damaged (${reason}): put back a copy of the folder, or choose an empty one`
  return new DataError('damaged', folder, words)
}

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
  throw explainReaderEnd(folder, signal, errors)
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

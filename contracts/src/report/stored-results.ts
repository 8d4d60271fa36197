import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readJsonFile } from '../json.ts'
import { type VerificationResult, VerificationResultSchema } from '../verify/verify-result.ts'
import { writeTextFile } from './write.ts'

/** The file of a live run, by time and account. */
export function toResultFile({ target, accountId, startedAt }: VerificationResult): string {
  const account = createHash('sha256').update(`${target} ${accountId}`).digest('hex').slice(0, 8)
  return `${startedAt.replace(/\.\d+Z$/, 'Z').replaceAll(':', '-')}-${account}.json`
}

/** Stores the result of a live run; returns the path. */
export async function storeResult(folder: string, result: VerificationResult): Promise<string> {
  const path = join(folder, toResultFile(result))
  await writeTextFile(path, `${JSON.stringify(result, null, 2)}\n`)
  return path
}

/** Reads the live runs in a folder, oldest first; throws an error that names a file with other content. */
export async function readLiveRuns(folder: string): Promise<VerificationResult[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const results = await Promise.all(
    names
      .filter(name => name.endsWith('.json'))
      .map(async name => {
        const path = join(folder, name)
        try {
          return VerificationResultSchema.parse(await readJsonFile(path))
        } catch {
          throw new Error(`${path} is not the result of a verification; take it away`)
        }
      }),
  )
  return results
    .filter(({ target }) => target !== 'mock')
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Makes a folder of a test's own, which goes with the test. */
export async function createDataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sendbox-data-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The folder of the pacts that the consumer tests write. */
export const generatedPactsFolder = fileURLToPath(new URL('../.generated/pacts/', import.meta.url))

/** Removes the folder before the consumer tests, because Pact merges with existing files. */
export const setup = (): Promise<void> => rm(generatedPactsFolder, { recursive: true, force: true })

import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Where the consumer tests write their pacts. */
export const generatedPactsFolder = fileURLToPath(new URL('../.generated/pacts/', import.meta.url))

/** Empties the folder before the consumer tests: Pact merges into the files that it finds. */
export const setup = (): Promise<void> => rm(generatedPactsFolder, { recursive: true, force: true })

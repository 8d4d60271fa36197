import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readJsonFile } from '../read-json-file.ts'
import { type Trace, TraceSchema } from './trace.ts'

/** Where the traces are that protocol.md supports. */
const tracesFolder: string = fileURLToPath(new URL('../../traces/', import.meta.url))

/** Reads a trace; throws an error that names the file and what is wrong with it. */
export async function readTrace(path: string): Promise<Trace> {
  const parsed = TraceSchema.safeParse(await readJsonFile(path))
  if (!parsed.success) throw new Error(`${path} is not a trace:\n${z.prettifyError(parsed.error)}`)
  if (basename(path) !== `${parsed.data.name}.json`)
    throw new Error(`${path} is not named after its trace, ${parsed.data.name}.json`)
  return parsed.data
}

/** Reads all traces of a folder, by name. */
export async function readTraces(folder: string = tracesFolder): Promise<Trace[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.json')).toSorted()
  return Promise.all(files.map(file => readTrace(join(folder, file))))
}

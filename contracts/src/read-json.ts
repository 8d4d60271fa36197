import { readFile } from 'node:fs/promises'

/** Parses JSON; `undefined` if it is malformed. */
export function parseJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString())
  } catch {
    return undefined
  }
}

/** Reads a JSON file; throws an error that names the file and the problem. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${error.code ?? error.message})`)
  })
  const json = parseJson(text)
  if (json === undefined) throw new Error(`${path} is not JSON`)
  return json
}

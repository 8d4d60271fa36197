import { readFile } from 'node:fs/promises'
import { isRecord } from '@sendbox/schema'

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

/** Maps the values of an object. */
export const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))

/** Every field of JSON, at any depth, with its name. */
export function* fieldsIn(json: unknown): Generator<[name: string, value: unknown]> {
  if (typeof json !== 'object' || json === null) return
  for (const [name, value] of Object.entries(json)) {
    yield [name, value]
    yield* fieldsIn(value)
  }
}

/** Every string in the fields of some names. */
export const stringsIn = (json: unknown, ...names: readonly string[]): string[] =>
  [...fieldsIn(json)].flatMap(([name, value]) =>
    names.includes(name) && typeof value === 'string' ? [value] : [],
  )

/** Copies JSON with every string mapped; `name` is that of its field, if it is not an item. */
export function mapStrings(
  json: unknown,
  map: (text: string, name?: string) => unknown,
  fieldName?: string,
): unknown {
  if (typeof json === 'string') return map(json, fieldName)
  if (Array.isArray(json)) return json.map(item => mapStrings(item, map))
  if (!isRecord(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, mapStrings(value, map, name)]),
  )
}

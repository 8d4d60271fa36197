import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { nearestWord } from '@sendbox/schema'
import { cutLine } from '../show-response.ts'
import { CommandError, type Terminal, widthOf } from '../terminal.ts'

/** The flags of `sendbox schema`. */
export interface SchemaFlags {
  readonly draft: '2020-12' | 'draft-07'
  readonly openapi?: boolean
}

interface Bundle {
  readonly $defs: Readonly<Record<string, { readonly description: string }>>
}

const folders = { '2020-12': '', 'draft-07': 'draft-07/' } as const

const { resolve } = createRequire(import.meta.url)

const readFrom = (file: string): Promise<string> =>
  readFile(resolve(`@sendbox/schema/${file}`), 'utf8')

const readDefinitions = async (): Promise<Bundle['$defs']> =>
  (JSON.parse(await readFrom('json-schema/bundle.json')) as Bundle).$defs

function toList(definitions: Bundle['$defs'], width: number): string {
  const entries = Object.entries(definitions)
  const nameWidth = Math.max(...entries.map(([name]) => name.length))
  return entries
    .map(([name, { description }]) => {
      const line = cutLine(description, width - nameWidth - 2)
      return `${name.padEnd(nameWidth)}  ${line}\n`
    })
    .join('')
}

/** Prints the names of the schemas, one JSON Schema, or the OpenAPI document; answers the exit code. */
export async function runSchema(
  name: string | undefined,
  { draft, openapi }: SchemaFlags,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<number> {
  if (openapi && name !== undefined)
    throw new CommandError('--openapi prints the whole document: leave the name out', 2)
  if (openapi) {
    stdout.write(await readFrom('openapi.json'))
    return 0
  }
  const definitions = await readDefinitions()
  if (name === undefined) {
    stdout.write(toList(definitions, widthOf(stdout)))
    return 0
  }
  const names = [...Object.keys(definitions), 'bundle']
  if (!names.includes(name)) {
    const nearest = nearestWord(name.replace(/Schema$/, ''), names)
    const hint = nearest ? `did you mean ${nearest}?` : 'sendbox schema lists them'
    throw new CommandError(`there is no schema "${name}" (${hint})`)
  }
  stdout.write(await readFrom(`json-schema/${folders[draft]}${name}.json`))
  return 0
}

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { nearestWord } from '@sendbox/schema'
import { Option } from 'commander'
import { toPackageFile } from '../../package-file.ts'
import { type AddCommand, examplesOf, pastedCommand } from '../command.ts'
import { cutLine } from '../rule-lines.ts'
import { configSchemaFile } from '../settings/reference.ts'
import { CommandError, widthOf } from '../terminal.ts'

interface SchemaFlags {
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

/** The names of the schemas, one JSON Schema, or the OpenAPI document. */
async function toText(
  name: string | undefined,
  { draft, openapi }: SchemaFlags,
  width: number,
): Promise<string> {
  if (openapi && name !== undefined)
    throw new CommandError('--openapi prints the whole document: leave the name out', 2)
  if (openapi) return readFrom('openapi.json')
  const { $defs } = JSON.parse(await readFrom('json-schema/bundle.json')) as Bundle
  if (name === undefined) return toList($defs, width)
  const names = [...Object.keys($defs), 'bundle', 'config', 'scenario']
  if (!names.includes(name)) {
    const nearest = nearestWord(name.replace(/Schema$/, ''), names)
    const hint = nearest ? `did you mean ${nearest}?` : `${pastedCommand} schema lists them`
    throw new CommandError(`there is no schema "${name}" (${hint})`)
  }
  if (name === 'config') return readFile(configSchemaFile(), 'utf8')
  if (name === 'scenario') return readFile(toPackageFile('scenario.schema.json'), 'utf8')
  return readFrom(`json-schema/${folders[draft]}${name}.json`)
}

/** `sendbox schema`. */
export const addSchema: AddCommand = (program, { terminal: { stdout }, end }) => {
  program
    .command('schema')
    .summary('list the schemas, or print one as JSON Schema')
    .description(
      'Lists the schemas of all payloads, prints one of them as JSON Schema, or prints the OpenAPI document.',
    )
    .argument(
      '[name]',
      'the schema to print; bundle for all in one, config and scenario for those of the files',
    )
    .addOption(
      new Option('--draft <draft>', 'the version of JSON Schema')
        .choices(['2020-12', 'draft-07'])
        .default('2020-12'),
    )
    .option('--openapi', 'print the OpenAPI 3.1 document of the whole API')
    .addHelpText(
      'after',
      examplesOf({
        schema: 'list the schemas',
        'schema SendRequest': 'what SEND takes',
        'schema Notification --draft draft-07': 'for an older validator',
        'schema config > config.schema.json': 'the config file, as draft-07 for editors',
        'schema scenario > scenario.schema.json': 'the scenario file',
        'schema --openapi > openapi.json': 'for generators and viewers',
      }),
    )
    .action(async (name: string | undefined, flags: SchemaFlags) => {
      stdout.write(await toText(name, flags, widthOf(stdout)))
      end(0)
    })
}

import { z } from 'zod'
import type { CommandOption } from '../../../src/cli/options.ts'
import { type SettingView, toSettingViews } from '../../../src/cli/settings/reference.ts'
import { startOptions } from '../../../src/cli/start/options.ts'
import { ConfigFileSchema } from '../../../src/cli/start/read-options.ts'
import { toTable } from './page.ts'

type JsonSchema = z.core.JSONSchema.JSONSchema

/** A doc comment of `src/settings.ts`. */
export interface SettingComment {
  /** The text without its tags. */
  readonly text: string
  /** The value of its `@default`. */
  readonly default: string | undefined
}

/** The doc comments of the fields in the source of the settings, by path; the indentation says what is in what. */
export function readComments(source: string): ReadonlyMap<string, SettingComment> {
  const comments = new Map<string, SettingComment>()
  const open: { readonly name: string; readonly indent: number }[] = []
  const fields = /^( *)(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n\1)?(\w+): (?:z|boundedArray)\b/gm
  const body = source.slice(source.indexOf('export const SettingsSchema'))
  for (const [, spaces = '', comment, name = ''] of body.matchAll(fields)) {
    while ((open.at(-1)?.indent ?? -1) >= spaces.length) open.pop()
    open.push({ name, indent: spaces.length })
    if (comment === undefined) continue
    const [text = '', value] = comment
      .replaceAll(/\n *\* ?/g, '\n')
      .split('@default')
      .map(part => part.replaceAll(/\s+/g, ' ').trim())
    comments.set(open.map(field => field.name).join('.'), { text, default: value })
  }
  return comments
}

/** Adds the comment of each setting, and takes the bounds out that only say that a number is safe. */
function describe(
  schema: JsonSchema,
  comments: ReadonlyMap<string, SettingComment>,
  path = '',
): JsonSchema {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const inner = path === '' ? name : `${path}.${name}`
    return [name, describe(field as JsonSchema, comments, inner)] as const
  })
  const text = comments.get(path)?.text
  return {
    ...schema,
    ...(text !== undefined && { description: text }),
    ...(fields.length > 0 && { properties: Object.fromEntries(fields) }),
  }
}

/** The JSON Schema of the config file, with the help of each option and the comment of each setting. */
export function toConfigSchema(source: string): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(ConfigFileSchema, {
    io: 'input',
    target: 'draft-07',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  const options: Readonly<Record<string, CommandOption>> = startOptions
  const comments = readComments(source)
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const given = field as JsonSchema
    const known = name === 'settings' ? describe(given, comments) : given
    const { help, default: value } = options[name] ?? {
      help: 'where this schema is, for editors',
      default: undefined,
    }
    return [name, { description: help, ...(value !== undefined && { default: value }), ...known }]
  })
  return {
    ...schema,
    title: 'The config file of sendbox start',
    properties: Object.fromEntries(properties) as Record<string, JsonSchema>,
  }
}

const toCode = (text: string): string => `\`${text}\``

/** Examples of settings that have more than a few values. */
const examples: Readonly<Record<string, unknown>> = {
  'domainApi.unknownAccounts': ['87654321'],
  'token.lifetimeSeconds': 60,
  transcriptEntries: 1000,
  'journal.entries': 1000,
  'journal.totalBytes': 16_777_216,
  'events.entries': 1000,
  'limits.fileBytes': 1_048_576,
  'limits.previewCharacters': 10_000,
  'limits.textLength': 2000,
  'limits.jsonValues': 1000,
  'limits.requestsPerSecond': 10,
  'limits.fileTypes': ['JPG', 'PNG', 'PDF'],
  'autoMessages.text': 'One moment, please.',
  'webhooks.connectTimeoutMs': 1000,
  'webhooks.readTimeoutMs': 1000,
  'webhooks.ca': '-----BEGIN CERTIFICATE-----\n…',
  'webhooks.deliveries': 1000,
}

/** A value that is not the default: the one in the table, or the first of a few. */
function toExample({ name, default: value, values }: SettingView): string {
  const others = values.split(', ').filter(one => one !== JSON.stringify(value))
  const example = name in examples ? examples[name] : (JSON.parse(others[0] ?? '') as unknown)
  const inner = name.split('.').reduceRight((field, part) => ({ [part]: field }), example)
  return JSON.stringify(inner)
}

const toRow = (setting: SettingView) => {
  const { name, default: value, values, rules, fixed, description } = setting
  return [
    toCode(name),
    toCode(JSON.stringify(value)),
    values.replaceAll(/"[^"]*"/g, toCode),
    toCode(toExample(setting)),
    rules.map(id => `[${id}](rules.md)`).join(', '),
    fixed === null ? 'yes' : `no: ${fixed}`,
    description,
  ]
}

/** Renders `docs/settings.md`. */
export const toSettingsPage = (schema: JsonSchema): string => `# Settings

Behaviours that the public sources disagree on or do not specify, and limits. Each has a default, so \`{}\` is valid; an unknown name is
refused with what was probably meant. This page and \`packages/mock-server/config.schema.json\` are generated by
\`packages/mock-server/test/unit/cli/settings.test.ts\` (\`vitest -u\` rewrites them) from \`packages/mock-server/src/settings.ts\`.

At the start they are in the config file, in \`--settings\` and \`SENDBOX_SETTINGS\` as JSON, or in \`startMockServer({ settings })\`:

\`\`\`json
{
  "$schema": "./node_modules/@sendbox/mock-server/config.schema.json",
  "settings": { "secondConversation": "reuse", "limits": { "textLength": 2000 } }
}
\`\`\`

\`$schema\` is for editors, which then complete names and values, and show what each means. \`npx --no -- sendbox init\` writes a file with all
settings at their defaults, \`npx --no -- sendbox settings\` lists them, \`npx --no -- sendbox schema config\` prints the JSON Schema.

With \`sendbox start --config sendbox.json --watch\` the mock reads the file again when it changes. Its accounts and the settings that may change
apply from the next call on, and the log says which did; of those that are fixed, and of other options, it says that they change at
the next start only. A setting, an app install or a bot that was put for an account stays until a reset. A bad file is refused whole.

An example in the table has another value than the default (\`…\` is the rest of a certificate): merge it into \`settings\`.

While the mock runs, most may change for one account, from its next call on; \`null\` restores the value of the start:

\`\`\`sh
curl -s -X PUT http://127.0.0.1:4020/__sendbox/accounts/12345678/settings -H 'Content-Type: application/json' \\
  -d '{"survey":true,"limits":{"textLength":null}}'
\`\`\`

${toTable(['setting', 'default', 'values', 'example', 'rules', 'at run time', 'meaning'], toSettingViews({ ...schema }).map(toRow))}
`

import { readFile } from 'node:fs/promises'
import { isRecord } from '@sendbox/schema'
import { fixedSettingsView } from '../../accounts/account-settings.ts'
import { toPackageFile } from '../../package-file.ts'

/** A setting as it is listed. */
export interface SettingView {
  /** Its path in `settings`: `limits.textLength`. */
  readonly name: string
  readonly default: unknown
  /** The values that it takes, in words. */
  readonly values: string
  readonly rules: readonly string[]
  /** Why no account has a value of its own, which `PUT …/settings` changes at run time; `null` where each may. */
  readonly fixed: string | null
  readonly description: string
}

type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schema of the config file, with a description and a default for each setting. */
export const configSchemaFile = (): string => toPackageFile('config.schema.json')

const propertiesOf = ({ properties }: JsonSchema): readonly (readonly [string, JsonSchema])[] =>
  Object.entries(isRecord(properties) ? properties : {}) as [string, JsonSchema][]

const toList = (values: readonly unknown[]): string =>
  values.map(value => JSON.stringify(value)).join(', ')

function toValues({ type, enum: choices, anyOf, minimum }: JsonSchema): string {
  if (Array.isArray(choices)) return toList(choices)
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).map(toValues).join(', or ')
  if (Array.isArray(type)) return type.map(name => toValues({ type: name })).join(', or ')
  if (type === 'boolean') return 'true, false'
  if (type === 'integer') return `a whole number from ${String(minimum)}`
  if (type === 'array') return 'a list of texts'
  return type === 'null' ? 'null' : 'a text'
}

const fixedByPath = new Map(fixedSettingsView.map(({ path, reason }) => [path, reason]))

const rulesIn = /\s*Rules?: ([^.]+(?:\.\d+[a-z]?)*(?:, [^.]+(?:\.\d+[a-z]?)*)*)\.$/

function toView(name: string, schema: JsonSchema): SettingView {
  const text = String(schema['description'])
  const [cited = '', ids] = rulesIn.exec(text) ?? []
  return {
    name,
    default: schema['default'],
    values: toValues(schema),
    rules: ids?.split(', ') ?? [],
    fixed: fixedByPath.get(`/${name.replaceAll('.', '/')}`) ?? null,
    description: text.slice(0, text.length - cited.length),
  }
}

const toViews = (schema: JsonSchema, prefix = ''): SettingView[] =>
  propertiesOf(schema).flatMap(([name, field]) =>
    'properties' in field ? toViews(field, `${prefix}${name}.`) : toView(prefix + name, field),
  )

/** The settings in the JSON Schema of the config file, in its order. */
export function toSettingViews(configSchema: JsonSchema): SettingView[] {
  const settings = propertiesOf(configSchema).find(([name]) => name === 'settings')
  return settings ? toViews(settings[1]) : []
}

/** Reads the settings with their descriptions. */
export const readSettingViews = async (): Promise<SettingView[]> =>
  toSettingViews(JSON.parse(await readFile(configSchemaFile(), 'utf8')) as JsonSchema)

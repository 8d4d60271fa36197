import { readFileSync } from 'node:fs'
import { rules } from '../src/rules/index.ts'
import { jsonSchemaTargets } from '../src/to-json-schema.ts'
import { contextConstraints } from './json-schema-page/context-constraints.ts'
import { defaultDifferences, optionDifferences } from './json-schema-page/differences.ts'
import { toJsonSchemaPage } from './json-schema-page/page.ts'
import { createBundle, createJsonSchemas } from './json-schemas.ts'
import { findNamedSchemas } from './named-schemas.ts'
import { createOpenApi } from './openapi/create-openapi.ts'
import { toRulesPage } from './rules-page.ts'

/** Folder of the JSON Schemas, relative to the root of the repository; nothing else may be in it. */
export const jsonSchemaFolder = 'packages/schema/json-schema'

const folders = {
  'draft-2020-12': jsonSchemaFolder,
  'draft-07': `${jsonSchemaFolder}/draft-07`,
} as const

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Generates every artefact of this package: texts by their paths from the root of the repository. */
export function createArtefacts(): Map<string, string> {
  const schemas = findNamedSchemas()
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const artefacts = new Map<string, string>()
  for (const target of jsonSchemaTargets) {
    const jsonSchemas = createJsonSchemas(schemas, target)
    for (const [name, jsonSchema] of jsonSchemas)
      artefacts.set(`${folders[target]}/${name}.json`, toJson(jsonSchema))
    artefacts.set(`${folders[target]}/bundle.json`, toJson(createBundle(jsonSchemas, target)))
  }
  artefacts.set('packages/schema/openapi.json', toJson(createOpenApi(schemas, version)))
  artefacts.set('docs/rules.md', toRulesPage(rules))
  const page = toJsonSchemaPage({
    byDefault: defaultDifferences,
    withOptions: optionDifferences,
    inContext: contextConstraints,
  })
  artefacts.set('docs/json-schema.md', page)
  return artefacts
}

import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import * as index from '../src/index.ts'

/** A schema that the package exports. */
export interface NamedSchema {
  /** The export's name without its `Schema`: `SendRequest`. */
  readonly name: string
  /** The export's doc comment without its tags, as one line. */
  readonly description: string
  readonly schema: z.core.$ZodType
}

/** Every schema that the package exports, by name. Throws a TypeError for one without a doc comment or with two names. */
export function findNamedSchemas(
  exported: Readonly<Record<string, unknown>> = index,
  descriptions: ReadonlyMap<string, string> = readDocComments(),
): NamedSchema[] {
  const found = Object.entries(exported)
    .flatMap(([key, value]) =>
      key.endsWith('Schema') && value instanceof z.core.$ZodType
        ? [{ name: key.slice(0, -'Schema'.length), schema: value }]
        : [],
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const nameOf = new Map<z.core.$ZodType, string>()
  return found.map(({ name, schema }) => {
    const otherName = nameOf.get(schema)
    if (otherName) throw new TypeError(`${name}Schema and ${otherName}Schema are one schema`)
    nameOf.set(schema, name)
    const description = descriptions.get(name)
    if (!description) throw new TypeError(`${name}Schema has no doc comment to describe it`)
    return { name, description, schema }
  })
}

const source = new URL('../src/', import.meta.url)

const docComment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+)Schema\b/g

const toLine = (comment: string): string =>
  comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replace(/^@[\s\S]*/m, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

function readDocComments(): Map<string, string> {
  const files = readdirSync(source, { encoding: 'utf8', recursive: true }).filter(file =>
    file.endsWith('.ts'),
  )
  return new Map(
    files.flatMap(file =>
      [...readFileSync(new URL(file, source), 'utf8').matchAll(docComment)].map(
        ([, comment = '', name = '']): [string, string] => [name, toLine(comment)],
      ),
    ),
  )
}

import { z } from 'zod'
import { type DocumentedExample, documentedExamples } from '../../src/fixtures.ts'
import type { RuleId } from '../../src/rules/index.ts'
import type { NamedSchema } from '../named-schemas.ts'
import { toRuleRefs } from './rule-refs.ts'

/** An Example Object of OpenAPI. */
export interface Example {
  readonly summary: string
  readonly value: unknown
  readonly 'x-sendbox-rules': ReturnType<typeof toRuleRefs>
}

export const createExample = (
  summary: string,
  value: unknown,
  rules: readonly RuleId[],
): Example => ({
  summary,
  value,
  'x-sendbox-rules': toRuleRefs(rules),
})

const definitionOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def

/** A schema and, if it is a union, its options. */
function optionsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const definition = definitionOf(schema)
  return definition.type === 'union' ? [schema, ...definition.options.flatMap(optionsOf)] : [schema]
}

/** Whether a discriminated union selects a schema for a value with its tag. */
const isTaggedOption = (schema: z.core.$ZodType, union: z.core.$ZodType): boolean =>
  optionsOf(union).some(
    part => 'discriminator' in definitionOf(part) && optionsOf(part).includes(schema),
  )

const toKey = (name: string): string => name.replaceAll(/\W+/g, '-')

/** The documented examples of a schema, of its options, and of a discriminated union that selects this schema. */
export function findExamples(
  schema: z.core.$ZodType,
  schemas: readonly NamedSchema[],
  examples: readonly DocumentedExample[] = documentedExamples,
): Record<string, Example> {
  const schemaOf = new Map(schemas.map(named => [named.name, named.schema]))
  const fitting = examples.filter(({ schema: name, value }) => {
    const own = schemaOf.get(name)
    if (!own || !z.safeParse(schema, value).success) return false
    return optionsOf(schema).includes(own) || isTaggedOption(schema, own)
  })
  return Object.fromEntries(
    fitting.map(({ name, value, rule }) => [toKey(name), createExample(name, value, [rule])]),
  )
}

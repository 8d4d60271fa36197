import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { arbitraries, mutated } from '../../../src/arbitraries.ts'
import { fixtures, type SchemaName } from '../../../src/fixtures.ts'
import * as index from '../../../src/index.ts'

const schemas: Readonly<Record<string, unknown>> = index

const schemaOf = (name: SchemaName) => schemas[`${name}Schema`] as z.ZodType

const names = Object.keys(fixtures) as SchemaName[]

const drafts = [
  ['json-schema', new Ajv2020()],
  ['json-schema/draft-07', new Ajv()],
] as const

const readJsonSchema = (folder: string, name: SchemaName): object =>
  JSON.parse(readFileSync(new URL(`../../../${folder}/${name}.json`, import.meta.url), 'utf8'))

interface Verdicts {
  readonly zod: boolean
  /** One per draft. */
  readonly jsonSchema: readonly boolean[]
}

const isAgreed = ({ zod, jsonSchema }: Verdicts) => jsonSchema.every(verdict => verdict === zod)

const known = new Map<SchemaName, (value: unknown) => Verdicts>()

function verdictsFor(name: SchemaName): (value: unknown) => Verdicts {
  const found = known.get(name)
  if (found) return found
  const schema = schemaOf(name)
  const compiled = drafts.map(([folder, validator]) =>
    validator.compile(readJsonSchema(folder, name)),
  )
  const verdictsOn = (value: unknown): Verdicts => ({
    zod: schema.safeParse(value).success,
    jsonSchema: compiled.map(validate => validate(value)),
  })
  known.set(name, verdictsOn)
  return verdictsOn
}

const hasRepeatedType = (value: unknown): boolean => {
  const types = Array.isArray(value) ? value.map(item => Object(item).type) : []
  return new Set(types).size < types.length
}

const hasOddEndpoint = (value: unknown): boolean =>
  /"endpoint":"(?!https?:\/\/[\w.:-]+(?:\/[\w.-]*)*")/.test(JSON.stringify(value) ?? '')

const profile = fixtures.SetUserProfileRequest.smallest()
const conversation = fixtures.ConsumerRequestConversationRequest.smallest()
const message = fixtures.FirstMessageRequest.smallest()

const withEndpoint = (endpoint: string) => ({
  'cqm.ExConversationChangeNotification': { endpoint },
})

/** Known differences between zod and the JSON Schema, each with values that show it. */
const differences = [
  {
    names: ['ConversationBatch'],
    reason: 'both drafts can say that a type stands in a list, only one of them how often',
    mayDiffer: hasRepeatedType,
    examples: [
      { value: [profile, conversation, conversation], zod: false },
      { value: [profile, profile, conversation], zod: false },
      { value: [profile, conversation, message, message], zod: false },
    ],
  },
  {
    names: ['Webhooks', 'AppInstallManifest'],
    reason: 'zod reads a URL to its end, a pattern sees how it begins',
    mayDiffer: hasOddEndpoint,
    examples: [
      { value: withEndpoint('https://'), zod: false },
      { value: withEndpoint('HTTPS://example.com/'), zod: true },
    ],
  },
] as const satisfies readonly {
  names: SchemaName[]
  reason: string
  mayDiffer: (value: unknown) => boolean
  examples: { value: unknown; zod: boolean }[]
}[]

const isKnownDifference = (name: SchemaName, value: unknown): boolean =>
  differences.some(
    difference =>
      (difference.names as readonly string[]).includes(name) && difference.mayDiffer(value),
  )

/** The schemas of input; the others, which describe Sendbox's output, need fewer runs. */
const requestNames: readonly SchemaName[] = [
  'SendRequest',
  'PublishEventRequest',
  'UpdateConversationFieldRequest',
  'SetUserProfileRequest',
  'GenerateUrlForUploadFileRequest',
  'GenerateUrlForDownloadFileRequest',
  'PublishedEvent',
  'ContentEvent',
  'TextContentEvent',
  'FileContentEvent',
  'OlderFileContentEvent',
  'HostedFileEvent',
  'ChatStateEvent',
  'AcceptStatusEvent',
  'RichContentEvent',
  'ConversationField',
  'ConversationStateField',
  'DialogChangeField',
  'StageField',
  'CsatRateField',
  'TtrField',
  'ConversationBatch',
  'ConversationBatchItem',
  'FirstMessageRequest',
  'ConsumerRequestConversationRequest',
  'CustomerInfoSde',
  'PersonalInfoSde',
  'Sde',
  'Metadata',
  'ExternalIdMetadata',
  'ActionReasonMetadata',
  'RequestId',
  'ClientProperties',
  'AppTokenRequest',
  'ConsumerRequest',
]

const runsFor = (name: SchemaName) => ({
  seed: 1,
  numRuns: requestNames.includes(name) ? 1000 : 100,
})

test.each(names)('%s and its JSON Schema take the same generated values', name => {
  const verdictsOn = verdictsFor(name)
  const values: fc.Arbitrary<unknown> = arbitraries[name]
  const law = fc.property(
    values,
    value => verdictsOn(value).jsonSchema.every(Boolean) || isKnownDifference(name, value),
  )
  expect(() => fc.assert(law, runsFor(name))).not.toThrow()
})

test.each(names)('%s and its JSON Schema agree on damaged values', name => {
  const verdictsOn = verdictsFor(name)
  const law = fc.property(
    mutated(arbitraries[name]),
    value => isAgreed(verdictsOn(value)) || isKnownDifference(name, value),
  )
  expect(() => fc.assert(law, runsFor(name))).not.toThrow()
})

test('ConversationBatch and its JSON Schema agree on lists in which no type stands twice', () => {
  const verdictsOn = verdictsFor('ConversationBatch')
  const lists = fc
    .array(arbitraries.ConversationBatchItem, { maxLength: 4 })
    .filter(list => !hasRepeatedType(list))
  const seen = new Set<boolean>()
  const law = fc.property(lists, list => {
    const verdicts = verdictsOn(list)
    seen.add(verdicts.zod)
    return isAgreed(verdicts)
  })
  expect(() => fc.assert(law, { seed: 1, numRuns: 300 })).not.toThrow()
  expect(seen).toEqual(new Set([true, false]))
})

const differing = differences.flatMap(difference =>
  difference.examples.map(
    example => [difference.names[0], difference.reason, { ...difference, ...example }] as const,
  ),
)

test.each(differing)('%s differs from its JSON Schema, as %s', (name, _, example) => {
  const { value, zod } = example
  expect(verdictsFor(name)(value)).toEqual({ zod, jsonSchema: [!zod, !zod] })
  expect(example.mayDiffer(value)).toBe(true)
})

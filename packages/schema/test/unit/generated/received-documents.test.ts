import { expect, test } from 'vitest'
import { z } from 'zod'
import { createArtefacts, jsonSchemaFolder } from '../../../scripts/create-artefacts.ts'
import * as index from '../../../src/index.ts'
import * as notifications from '../../../src/notifications/notification.ts'
import * as errorResponses from '../../../src/responses/error-response.ts'
import * as sendResponses from '../../../src/responses/send-response.ts'

/** Every literal of notifications and answers that is a tag: all others are open. */
const tags = [
  'contentType=external/file',
  'contentType=forms/secure-invitation',
  'contentType=forms/secure-submission',
  'contentType=hosted/file',
  'contentType=text/plain',
  'type=.ReqBody$ErrorResp',
  'type=AcceptStatusEvent',
  'type=ChatStateEvent',
  'type=ContentEvent',
  'type=RichContentEvent',
  'type=UPSERT',
  'type=cqm.ExConversationChangeNotification',
  'type=ms.MessagingEventNotification',
]

type Visit = (keyword: string, value: unknown, path: readonly string[]) => void

/** Visits the keywords of a JSON Schema; neither examples nor the tags that an option excludes. */
function walk(part: unknown, visit: Visit, path: readonly string[] = []): void {
  if (typeof part !== 'object' || part === null) return
  for (const [key, value] of Object.entries(part)) {
    if (key === 'not' || key === 'examples') continue
    visit(key, value, path)
    walk(value, visit, [...path, key])
  }
}

/** The places that refuse an unknown field or value, and the tags. */
function findClosed(part: unknown): { readonly closed: string[]; readonly tags: string[] } {
  const closed: string[] = []
  const found = new Set<string>()
  walk(part, (keyword, value, path) => {
    const tag = `${path.at(-1)}=${String(value)}`
    const isTag = keyword === 'const' && path.at(-2) === 'properties' && tags.includes(tag)
    if (isTag) found.add(tag)
    const isClosed =
      /^(?:additional|unevaluated)Properties$/.test(keyword) && value === false
        ? true
        : ['const', 'enum', 'pattern', 'maxLength'].includes(keyword)
    if (isClosed && !isTag) closed.push([...path, keyword].join('/'))
  })
  return { closed, tags: [...found].toSorted() }
}

const artefacts = createArtefacts()

const read = (path: string): Record<string, unknown> => JSON.parse(artefacts.get(path) ?? '')

const schemaNameOf = new Map<unknown, string>(
  Object.entries(index).map(([key, schema]) => [schema, key.replace(/Schema$/, '')]),
)

const received = [
  ...[notifications, errorResponses, sendResponses].flatMap(module => Object.values(module)),
  ...Object.values(index.operations).flatMap(({ responses }) => Object.values(responses)),
  index.BaseUriSchema,
].filter(schema => schema instanceof z.ZodType)

const names = [...new Set(received)].map(schema => schemaNameOf.get(schema) ?? '').toSorted()

const documents = ['', '/draft-07'].flatMap(folder =>
  names.map(
    name => [`${name}${folder}`, read(`${jsonSchemaFolder}${folder}/${name}.json`)] as const,
  ),
)

test('every exported schema of received data, and no other, derives from that of what is sent', () => {
  const derived = [...schemaNameOf].flatMap(([schema, name]) =>
    schema instanceof z.ZodType && index.toSent(schema) !== schema ? [name] : [],
  )
  expect(derived.toSorted()).toEqual(names)
  expect(names.length).toBeGreaterThan(20)
})

test.each(documents)(
  'the JSON Schema of %s has no closed object, enumeration or literal but tags (WH-4.3)',
  (_, document) => {
    expect(findClosed(document).closed).toEqual([])
  },
)

test('each tag occurs in the JSON Schemas of received data', () => {
  expect(findClosed(documents).tags).toEqual(tags)
})

/** Each `$ref` in its place, to the components of the document. */
function componentsOf(part: unknown, document: object, found = new Map<string, unknown>()) {
  walk(part, (keyword, value) => {
    if (keyword !== '$ref' || found.has(String(value))) return
    const component = String(value)
      .split('/')
      .slice(1)
      .reduce<unknown>((parent, key) => (parent as Record<string, unknown>)[key], document)
    found.set(String(value), component)
    componentsOf(component, document, found)
  })
  return found
}

test('OpenAPI has no closed object, enumeration or literal but tags in answers and webhooks (WH-4.3)', () => {
  const document = read('packages/schema/openapi.json')
  const { paths, webhooks } = document as Record<string, Record<string, Record<string, object>>>
  const answers = Object.values(paths ?? {})
    .flatMap(path => Object.values(path))
    .map(operation => ({ ...operation })['responses' as never])
  const parts = [...answers, webhooks]
  const components = componentsOf(parts, document)
  expect(components.size).toBeGreaterThan(10)
  expect(findClosed([...parts, ...components.values()])).toEqual({ closed: [], tags })
})

test.each([
  [{ additionalProperties: false }, 'additionalProperties'],
  [{ anyOf: [{ unevaluatedProperties: false }] }, 'anyOf/0/unevaluatedProperties'],
  [{ properties: { role: { enum: ['A'] } } }, 'properties/role/enum'],
  [{ properties: { code: { const: 'OK' } } }, 'properties/code/const'],
  [{ properties: { kind: { const: 'UPSERT' } } }, 'properties/kind/const'],
])('a closed part is found: %j', (part, path) => {
  expect(findClosed(part).closed).toEqual([path])
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { findNamedSchemas } from '../../../scripts/named-schemas.ts'
import { createComponents } from '../../../scripts/openapi/components.ts'
import { createOpenApi } from '../../../scripts/openapi/create-openapi.ts'
import { errorUses } from '../../../scripts/openapi/errors.ts'
import { findExamples } from '../../../scripts/openapi/examples.ts'
import {
  errorCatalogue,
  NotificationSchema,
  type Operation,
  operations,
  ruleById,
  SendRequestSchema,
} from '../../../src/index.ts'

interface MediaType {
  readonly schema?: { readonly $ref: string }
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

interface OperationObject {
  readonly operationId: string
  readonly servers: readonly { readonly url: string; readonly variables?: object }[]
  readonly security: readonly object[]
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>
  >
}

const schemas = findNamedSchemas()
const document = createOpenApi(schemas, '1.2.3')
const paths = document['paths'] as Record<string, Record<string, OperationObject>>
const webhooks = document['webhooks'] as Record<string, Record<string, OperationObject>>
const written = JSON.stringify(document)

const find = (id: keyof typeof operations): OperationObject => {
  const { path, method } = operations[id]
  const found = paths[path]?.[method.toLowerCase()]
  if (!found) throw new TypeError(`The document has no operation ${id}`)
  return found
}

const ids = Object.keys(operations) as (keyof typeof operations)[]

test.each(ids)('the operation %s has the statuses and the fixed query of the table', id => {
  const { responses, query }: Operation = operations[id]
  expect(find(id).operationId).toBe(id)
  expect(Object.keys(find(id).responses)).toEqual(Object.keys(responses))
  for (const [name, value] of Object.entries(query))
    expect(find(id).parameters).toContainEqual(
      expect.objectContaining({
        name,
        in: 'query',
        required: true,
        schema: { type: 'string', const: value },
      }),
    )
})

test('every operation of the table, and one alias, stands in the document', () => {
  const found = Object.values(paths).flatMap(path => Object.values(path))
  expect(found.map(({ operationId }) => operationId).toSorted()).toEqual(
    [...ids, 'baseUrisAlias'].toSorted(),
  )
  expect(Object.keys(paths).filter(path => path.startsWith('//'))).toEqual([])
})

test('each service has a host of its own, which no document invents', () => {
  expect(find('send').servers[0]).toMatchObject({
    url: 'https://{asyncMessagingEnt}',
    variables: { asyncMessagingEnt: { default: 'asyncMessagingEnt' } },
  })
  expect(find('baseUri').servers[0]?.url).toBe('https://{domainApi}')
  const hosts = [...written.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url)
  expect(
    hosts.filter(url => !/^(https:\/\/\{\w+\}|http:\/\/127\.0\.0\.1:4020)$/.test(url ?? '')),
  ).toEqual([])
})

test('tokens are security schemes, each in the header that carries it', () => {
  expect(document['components']).toMatchObject({
    securitySchemes: {
      AppJWT: { type: 'apiKey', in: 'header', name: 'Authorization' },
      ConsumerJWS: { type: 'apiKey', in: 'header', name: 'X-LP-ON-BEHALF' },
    },
  })
  expect(find('send').security).toEqual([{ AppJWT: [], ConsumerJWS: [] }])
  expect(find('consumer').security).toEqual([{ AppJWT: [] }])
  expect(find('appToken').security).toEqual([])
})

test('each example parses under the schema that it stands beside', () => {
  const schemaOf = new Map(schemas.map(({ name, schema }) => [name, schema]))
  const bodies = [...Object.values(paths), ...Object.values(webhooks)]
    .flatMap(path => Object.values(path))
    .flatMap(({ requestBody, responses }) => [requestBody ?? {}, ...Object.values(responses)])
  const wrong: unknown[] = []
  let count = 0
  for (const media of bodies.flatMap(({ content }) => Object.values(content ?? {})))
    for (const [name, { value }] of Object.entries(media.examples ?? {})) {
      const schema = schemaOf.get(media.schema?.$ref.split('/').at(-1) ?? '')
      const result = schema && z.safeParse(schema, value)
      if (!result?.success) wrong.push({ name, value, error: result?.error.message })
      count += 1
    }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(80)
})

test('requests and answers show the documented examples', () => {
  const send = find('send').requestBody?.content['application/json']?.examples ?? {}
  expect(Object.keys(send)).toEqual(
    expect.arrayContaining(['a-text-message', 'the-chat-state-COMPOSING']),
  )
  const answers = find('send').responses['200']?.content?.['application/json']?.examples ?? {}
  expect(Object.keys(answers)).toEqual(
    expect.arrayContaining(['the-answer-to-a-publish', 'a-place-for-a-file']),
  )
})

test('an example of a union stands with the option that its tag picks', () => {
  const [one] = schemas.filter(({ name }) => name === 'MessagingEventNotification')
  if (!one) throw new TypeError('MessagingEventNotification is not exported')
  const unfit = { kind: 'notification', body: {}, type: 'ms.MessagingEventNotification' }
  const named = [one, { ...one, name: 'Notification', schema: NotificationSchema }]
  expect(Object.keys(findExamples(one.schema, named)).length).toBeGreaterThan(2)
  expect(
    findExamples(one.schema, named, [
      { name: 'unfit', schema: 'Notification', rule: 'WH-3', value: unfit as never },
    ]),
  ).toEqual({})
})

test('an unauthorized call shows the errors of the catalogue with their rules', () => {
  const { examples } = find('send').responses['401']?.content?.['application/json'] ?? {}
  expect(examples?.['40102']).toEqual({
    summary: 'Invalid AppJWT',
    value: {
      kind: 'resp',
      code: 401,
      body: {
        title: 'Invalid AppJWT',
        details: 'AppJWT has expired or is invalid',
        errorCode: 40102,
      },
      type: '.ReqBody$ErrorResp',
    },
    'x-sendbox-rules': [{ id: 'AUTH-6', evidence: 'documented' }],
  })
})

test('every error of the catalogue has its place in scripts/openapi/errors.ts', () => {
  expect(Object.keys(errorUses)).toEqual(Object.keys(errorCatalogue))
})

test('an error stands only where its operation declares its status, with its details filled in', () => {
  for (const [code, uses] of Object.entries(errorUses))
    for (const operation of uses.flatMap(use => use.operations)) {
      const status = String(errorCatalogue[code as unknown as keyof typeof errorCatalogue].status)
      const { examples } = find(operation).responses[status]?.content?.['application/json'] ?? {}
      expect(examples, `${code} of ${operation}`).toHaveProperty(code)
      expect(JSON.stringify(examples?.[code]), `${code} of ${operation}`).not.toMatch(/<\w+>/)
    }
})

test('a union whose options have names tells them apart by its discriminator', () => {
  expect(document).toMatchObject({
    components: {
      schemas: {
        ContentEvent: {
          discriminator: {
            propertyName: 'contentType',
            mapping: {
              'text/plain': '#/components/schemas/TextContentEvent',
              'hosted/file': '#/components/schemas/FileContentEvent',
              HostedFile: '#/components/schemas/OlderFileContentEvent',
            },
          },
        },
        NotifiedEvent: expect.not.objectContaining({ discriminator: expect.anything() }),
      },
    },
  })
})

test('the components are exactly the schemas that something refers to', () => {
  const { schemas: found } = document['components'] as { schemas: object }
  const refs = written.matchAll(/"#\/components\/schemas\/(\w+)"/g)
  const used = new Set(Array.from(refs, ([, name = '']) => name))
  expect(Object.keys(found)).toEqual([...used].toSorted())
  expect(written).not.toContain('#/$defs/')
})

test('a schema that the package does not export is refused', () => {
  const { toRef } = createComponents(schemas)
  expect(toRef(SendRequestSchema)).toEqual({ $ref: '#/components/schemas/SendRequest' })
  expect(() => toRef(z.string())).toThrow(
    new TypeError('An operation has a schema that src/index.ts does not export'),
  )
})

test('each rule of the document stands with the evidence that the rules give it', () => {
  const refs = [...written.matchAll(/\{"id":"([^"]+)","evidence":"(\w+)"\}/g)]
  expect(refs.length).toBeGreaterThan(100)
  for (const [, id, evidence] of refs)
    expect(ruleById.get(id as never)?.evidence, `rule ${id}`).toBe(evidence)
})

test('the version is that of the package', () => {
  expect(document['info']).toMatchObject({ version: '1.2.3', license: { identifier: 'MIT' } })
})

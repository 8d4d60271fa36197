import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { type ControlOperation, ControlRefusalSchema, controlPrefix } from './operation.ts'
import { isBodyOptional, maxBodyBytesOf } from './read-call.ts'
import { ControlSchemas, type JsonSchema, toParameterSchema } from './schemas.ts'

const descriptions: Readonly<Record<number, string | undefined>> = {
  ...STATUS_CODES,
  401: 'The control token is missing or wrong; off loopback only',
  403: 'The control API is not open to the one who asks',
  // RFC 9110's name; Node has the older one.
  422: 'Unprocessable Content',
}

/** The statuses of refusals that operations do not list. */
function impliedStatuses({ body, query }: ControlOperation): number[] {
  const ofBody = body ? [400, 413, 415] : []
  const ofQuery = query ? [400] : []
  return [...new Set([401, 403, ...ofBody, ...ofQuery])]
}

function toContent(
  schemas: readonly z.ZodType[],
  components: ControlSchemas,
  mediaType = 'application/json',
): Record<string, unknown> {
  const refs = [...new Set(schemas)].map(schema => components.toRef('output', schema))
  const [first] = refs
  return { [mediaType]: { schema: refs.length === 1 ? first : { anyOf: refs } } }
}

function toResponses(operation: ControlOperation, components: ControlSchemas) {
  const { responses, contentType } = operation
  const implied = impliedStatuses(operation)
  const statuses = [...new Set([...Object.keys(responses).map(Number), ...implied])]
  return Object.fromEntries(
    statuses
      .toSorted((a, b) => a - b)
      .map(status => {
        const answer = responses[status]
        const refusal = implied.includes(status) ? [ControlRefusalSchema] : []
        const schemas = [...(answer ? [answer] : []), ...refusal]
        const text = contentType && { [contentType]: { schema: { type: 'string' } } }
        const mediaType = answer ? contentType : undefined
        const content = schemas.length > 0 ? toContent(schemas, components, mediaType) : text
        const description = descriptions[status] ?? `Status ${status}`
        return [String(status), { description, ...(content && { content }) }]
      }),
  )
}

const parameterDescriptions: Readonly<Record<string, string>> = {
  accountId: 'The account; any id works.',
  consumer: 'The ext_consumer_id or lp_consumer_id.',
  conversationId: 'The conversation, which is its main dialog as well.',
  deliveryId: 'The webhook delivery.',
  faultId: 'The fault.',
  fileId: "The relativePath of a file, without the account's folder, or whole.",
}

function toParameters({ path, query }: ControlOperation): JsonSchema[] {
  const ofPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(parameterDescriptions[name] && { description: parameterDescriptions[name] }),
    schema: { type: 'string' },
  }))
  const ofQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema as z.ZodType).safeParse(undefined).success && !isExactOptional(schema),
    schema: toParameterSchema(schema as z.ZodType),
  }))
  return [...ofPath, ...ofQuery]
}

const isExactOptional = (schema: z.core.$ZodType): boolean => schema._zod.optin === 'optional'

function toRequestBody(operation: ControlOperation, components: ControlSchemas) {
  if (operation.body === undefined) return undefined
  return {
    required: !isBodyOptional(operation),
    description: `${maxBodyBytesOf(operation)} bytes at most`,
    content: { 'application/json': { schema: components.toRef('input', operation.body) } },
  }
}

function toOperationObject(operation: ControlOperation, components: ControlSchemas): JsonSchema {
  const requestBody = toRequestBody(operation, components)
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: [{}, { ControlToken: [] }],
    parameters: toParameters(operation),
    ...(requestBody && { requestBody }),
    responses: toResponses(operation, components),
  }
}

/** Describes the control API as an OpenAPI 3.1 document. */
export function createControlOpenApi(
  operations: readonly ControlOperation[],
  version: string,
): JsonSchema {
  const components = new ControlSchemas(operations)
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const operation of operations)
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: toOperationObject(operation, components),
    }
  return {
    openapi: '3.1.0',
    info: {
      title: "Sendbox's control API",
      description:
        'What the mock has and production does not. On loopback it is open to programs; elsewhere it wants the control token that the mock was started with.',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: controlPrefix, description: 'The mock that serves this document' }],
    paths,
    components: {
      schemas: components.toComponents(),
      securitySchemes: { ControlToken: { type: 'http', scheme: 'bearer' } },
    },
  }
}

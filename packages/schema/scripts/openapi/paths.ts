import type { z } from 'zod'
import { type Operation, type OperationId, operations } from '../../src/operations.ts'
import { ErrorResponseSchema } from '../../src/responses/error-response.ts'
import { AppTokenErrorSchema } from '../../src/services/tokens.ts'
import type { Components } from './components.ts'
import { toContent, toJsonContent } from './content.ts'
import { findErrorExamples, findTokenErrorExamples } from './errors.ts'
import { securitySchemesOf, toParameters } from './parameters.ts'
import { toRuleList, toRuleRefs } from './rule-refs.ts'

const summaries: Readonly<Record<OperationId, string>> = {
  send: 'SEND: one action of a consumer',
  conversation: 'CONVERSATION: opens a conversation with a batch of requests',
  baseUri: 'Domain API: the host of one service',
  baseUris: 'Domain API: the hosts of all services',
  appToken: 'Issues an AppJWT',
  consumer: 'Issues a ConsumerJWS',
  upload: 'Stores a file',
  download: 'Reads a file',
  agentLogin: 'Logs an agent in',
  appInstalls: 'Lists the app installs of an account',
  appInstall: 'Shows an app install',
  replaceAppInstall: 'Replaces an app install',
  deleteAppInstall: 'Gives the default app install back',
}

const reasonPhrases: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
}

const retryAfter = {
  'Retry-After': {
    description: 'Seconds to wait. Rule: RES-8.',
    schema: { type: 'string', examples: ['1'] },
  },
}

/**
 * Each service has a host of its own per account, which the Domain API returns; the default of the variable is only a
 * placeholder.
 */
function toServers(service = 'domainApi') {
  const description =
    service === 'domainApi'
      ? 'The host of the Domain API.'
      : `The host that the Domain API names for the service ${service}.`
  return [
    {
      url: `https://{${service}}`,
      description: 'LivePerson',
      variables: { [service]: { default: service, description } },
    },
    { url: 'http://127.0.0.1:4020', description: 'Sendbox, where it listens by default' },
  ]
}

/** Writes the paths of {@link operations}. */
export function createPaths(components: Components): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][]) {
    const method = operation.method.toLowerCase()
    const document = toOperationObject(id, operation, components)
    paths[operation.path] = { ...paths[operation.path], [method]: document }
    for (const alias of operation.aliases ?? []) {
      // Resolved as a URL reference, a path that begins with two slashes is a host.
      if (alias.startsWith('//')) continue
      paths[alias] = { ...paths[alias], [method]: { ...document, operationId: `${id}Alias` } }
    }
  }
  return paths
}

function toOperationObject(id: OperationId, operation: Operation, components: Components) {
  const { service, responses, rules } = operation
  const schemes = securitySchemesOf(operation)
  return {
    operationId: id,
    summary: summaries[id],
    description: toRuleList(rules),
    servers: toServers(service),
    security: schemes.length > 0 ? [Object.fromEntries(schemes.map(name => [name, []]))] : [],
    parameters: toParameters(operation, components),
    ...toRequestBody(operation, components),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, schema]) => [
        status,
        toResponse(id, status, schema, components),
      ]),
    ),
    'x-sendbox-rules': toRuleRefs(rules),
  }
}

function toRequestBody({ contentType, request }: Operation, components: Components) {
  if (contentType === undefined) return undefined
  const content = request ? toContent(contentType, request, components) : { [contentType]: {} }
  return { requestBody: { required: true, content } }
}

function findErrors(id: OperationId, status: number, schema: z.core.$ZodType) {
  if (schema === ErrorResponseSchema) return findErrorExamples(id, status)
  return schema === AppTokenErrorSchema ? findTokenErrorExamples(status) : undefined
}

function toResponse(
  id: OperationId,
  status: string,
  schema: z.core.$ZodType | 'bytes' | 'empty',
  components: Components,
) {
  const description = reasonPhrases[status]
  if (!description) throw new TypeError(`The status ${status} of ${id} needs a reason phrase`)
  if (schema === 'empty') return { description }
  if (schema === 'bytes') return { description, content: { 'application/octet-stream': {} } }
  const errors = findErrors(id, Number(status), schema)
  const content = toJsonContent(schema, components, errors)
  return { description, ...(status === '429' && { headers: retryAfter }), content }
}

import type { Operation } from '../../src/operations.ts'
import { ClientPropertiesSchema } from '../../src/requests/request.ts'
import type { Components } from './components.ts'
import { toJsonContent } from './content.ts'

const descriptions: Readonly<Record<string, string>> = {
  accountId: 'The account, which some payloads call brand.',
  serviceName: 'The service whose host is asked for, case sensitive. Rule: EP-8.',
  fileName: 'The last part of the `relativePath` of GenerateUrlResponse. Rule: URL-3.',
  installId: 'The id of an app install, which is its client id. Rule: EP-19.',
  'If-Match': 'The `ac-revision` of the app install. Rule: EP-19.',
  v: 'The version of the API.',
  version: 'The version of the Domain API.',
  grant_type: 'The grant of OAuth 2.0.',
  temp_url_sig: 'The signature of GenerateUrlResponse. Rule: URL-3.',
  temp_url_expires: 'When the signature ends, in seconds since the epoch. Rule: URL-3.',
}

/** The headers with tokens, which are security schemes in OpenAPI. */
export const securitySchemeOf: Readonly<Record<string, string>> = {
  Authorization: 'AppJWT',
  'X-LP-ON-BEHALF': 'ConsumerJWS',
}

/** The security scheme of app installs, whose `Authorization` has an agent's bearer. Rule: EP-19. */
export const agentScheme = 'AgentBearer'

/** The names of the security schemes of an operation. */
export const securitySchemesOf = ({ service, headers }: Operation): string[] =>
  service === 'accountConfigReadWrite'
    ? [agentScheme]
    : headers.flatMap(header => securitySchemeOf[header] ?? [])

function toParameter(name: string, place: string, schema: Readonly<Record<string, unknown>>) {
  const description = descriptions[name]
  if (!description) throw new TypeError(`The parameter "${name}" needs a description`)
  return { name, in: place, required: true, description, schema: { type: 'string', ...schema } }
}

/** The parameters of an operation: path, query and header, without the tokens. */
export function toParameters(
  { path, query, queryParameters = [], headers }: Operation,
  components: Components,
): unknown[] {
  const clientProperties = {
    name: 'Client-Properties',
    in: 'header',
    description: 'What the client can do. Rule: REQ-6.',
    content: toJsonContent(ClientPropertiesSchema, components),
  }
  const pathNames = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const tokenHeaders = Object.keys(securitySchemeOf)
  return [
    ...pathNames.map(name => toParameter(name, 'path', {})),
    ...Object.entries(query).map(([name, value]) => toParameter(name, 'query', { const: value })),
    ...queryParameters.map(name => toParameter(name, 'query', {})),
    ...headers
      .filter(name => !tokenHeaders.includes(name))
      .map(name => toParameter(name, 'header', {})),
    ...(headers.includes('X-LP-ON-BEHALF') ? [clientProperties] : []),
  ]
}

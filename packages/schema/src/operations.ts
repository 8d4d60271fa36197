import type { z } from 'zod'
import { AppInstallUpdateSchema } from './notifications/app-install.ts'
import { ConversationBatchSchema } from './requests/open-conversation.ts'
import { SendRequestSchema } from './requests/send-request.ts'
import { ErrorResponseSchema } from './responses/error-response.ts'
import { ConversationBatchResponseSchema, SendResponseSchema } from './responses/send-response.ts'
import type { RuleId } from './rules/index.ts'
import { AgentLoginRequestSchema, AgentLoginResponseSchema } from './services/agent-login.ts'
import { AppInstallSchema, AppInstallsSchema } from './services/app-installs.ts'
import {
  BaseUriResponseSchema,
  BaseUrisResponseSchema,
  type ServiceName,
} from './services/domain-api.ts'
import {
  AppTokenErrorSchema,
  AppTokenRequestSchema,
  AppTokenResponseSchema,
  ConsumerRequestSchema,
  ConsumerResponseSchema,
} from './services/tokens.ts'

/** One operation of the API, from which routes, clients, documents and contracts derive. */
export interface Operation {
  /** The service whose host serves it; the Domain API itself has none. */
  readonly service?: ServiceName
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path template; `{accountId}` is replaced by a percent-encoded segment. */
  readonly path: string
  /** Further path templates of the same operation. */
  readonly aliases?: readonly string[]
  /** Query parameters with fixed values. */
  readonly query: Readonly<Record<string, string>>
  /** Further required query parameters, whose values vary. */
  readonly queryParameters?: readonly string[]
  /** Required header fields, except the content type. */
  readonly headers: readonly string[]
  readonly contentType?: string
  /** Schema of the request's body; absent for raw bytes and for no body. */
  readonly request?: z.ZodType
  /** Schemas of the responses by HTTP status; `bytes` for a file, `empty` for no body. */
  readonly responses: Readonly<Record<number, z.ZodType | 'bytes' | 'empty'>>
  readonly rules: readonly RuleId[]
}

const consumerHeaders = ['Authorization', 'X-LP-ON-BEHALF'] as const

const errors = <Status extends number>(...statuses: readonly Status[]) =>
  Object.fromEntries(statuses.map(status => [status, ErrorResponseSchema])) as Readonly<
    Record<Status, typeof ErrorResponseSchema>
  >

const consumerErrors = errors(400, 401, 404, 405, 413, 415, 429)

/** The fields that SEND and CONVERSATION share. */
const consumerCall = {
  service: 'asyncMessagingEnt',
  method: 'POST',
  query: { v: '3' },
  headers: consumerHeaders,
  contentType: 'application/json',
} as const

/** The fields that upload and download share. Rules: EP-15, EP-16. */
const storageCall = {
  service: 'swift',
  path: '/v1/AUTH_async-images/{accountId}/{fileName}',
  aliases: ['//v1/AUTH_async-images/{accountId}/{fileName}'],
  query: {},
  queryParameters: ['temp_url_sig', 'temp_url_expires'],
  headers: [],
} as const

/** The fields that the operations on one app install share. Rule: EP-19. */
const appInstallCall = {
  service: 'accountConfigReadWrite',
  path: '/api/account/{accountId}/configuration/app-install/installations/{installId}',
  query: { v: '1.0' },
} as const

/**
 * Every operation of the API by its id.
 *
 * @example
 * ```ts
 * import { operations } from '@sendbox/schema'
 *
 * const { method, service, query } = operations.send
 * console.log(method, service, query) // POST asyncMessagingEnt { v: '3' }
 * ```
 */
export const operations = {
  send: {
    ...consumerCall,
    path: '/api/account/{accountId}/messaging/consumer/conversation/send',
    request: SendRequestSchema,
    responses: { 200: SendResponseSchema, ...consumerErrors },
    rules: ['EP-1', 'EP-3.1', 'AUTH-1.1', 'AUTH-2'],
  },
  conversation: {
    ...consumerCall,
    path: '/api/account/{accountId}/messaging/consumer/conversation',
    request: ConversationBatchSchema,
    responses: { 200: ConversationBatchResponseSchema, ...consumerErrors },
    rules: ['EP-2', 'EP-3.1', 'AUTH-1.1', 'AUTH-2'],
  },
  baseUri: {
    method: 'GET',
    path: '/api/account/{accountId}/service/{serviceName}/baseURI.json',
    query: { version: '1.0' },
    headers: [],
    responses: { 200: BaseUriResponseSchema, ...errors(400, 401, 404) },
    rules: ['EP-5.1', 'EP-7.1'],
  },
  baseUris: {
    method: 'GET',
    path: '/api/account/{accountId}/service/baseURI.json',
    aliases: ['/api/account/{accountId}/service/baseURI'],
    query: { version: '1.0' },
    headers: [],
    responses: { 200: BaseUrisResponseSchema, ...errors(400, 401) },
    rules: ['EP-6.1', 'EP-7.1'],
  },
  appToken: {
    service: 'sentinel',
    method: 'POST',
    path: '/sentinel/api/account/{accountId}/app/token',
    query: { v: '1.0', grant_type: 'client_credentials' },
    headers: [],
    contentType: 'application/x-www-form-urlencoded',
    request: AppTokenRequestSchema,
    responses: { 200: AppTokenResponseSchema, 400: AppTokenErrorSchema, 401: AppTokenErrorSchema },
    rules: ['EP-9', 'EP-12.1'],
  },
  consumer: {
    service: 'idp',
    method: 'POST',
    path: '/api/account/{accountId}/consumer',
    query: { v: '1.0' },
    headers: ['Authorization'],
    contentType: 'application/json',
    request: ConsumerRequestSchema,
    responses: { 201: ConsumerResponseSchema, ...errors(400, 401) },
    rules: ['EP-13'],
  },
  upload: {
    ...storageCall,
    method: 'PUT',
    contentType: 'application/octet-stream',
    responses: { 201: 'empty', ...errors(401, 413, 415) },
    rules: ['EP-15', 'EP-16', 'PUB-5.2'],
  },
  download: {
    ...storageCall,
    method: 'GET',
    responses: { 200: 'bytes', ...errors(401, 404) },
    rules: ['EP-15', 'EP-16'],
  },
  agentLogin: {
    service: 'agentVep',
    method: 'POST',
    path: '/api/account/{accountId}/login',
    query: { v: '1.3' },
    headers: [],
    contentType: 'application/json',
    request: AgentLoginRequestSchema,
    responses: { 200: AgentLoginResponseSchema, ...errors(400, 401, 413, 415) },
    rules: ['EP-18.1'],
  },
  appInstalls: {
    service: 'accountConfigReadWrite',
    method: 'GET',
    path: '/api/account/{accountId}/configuration/app-install/installations',
    query: { v: '1.0' },
    headers: ['Authorization'],
    responses: { 200: AppInstallsSchema, ...errors(401) },
    rules: ['EP-19.1', 'EP-19.2'],
  },
  appInstall: {
    ...appInstallCall,
    method: 'GET',
    headers: ['Authorization'],
    responses: { 200: AppInstallSchema, ...errors(401, 404) },
    rules: ['EP-19.1', 'EP-19.2'],
  },
  replaceAppInstall: {
    ...appInstallCall,
    method: 'PUT',
    headers: ['Authorization', 'If-Match'],
    contentType: 'application/json',
    request: AppInstallUpdateSchema,
    responses: { 200: AppInstallSchema, ...errors(400, 401, 404, 412, 413, 415) },
    rules: ['EP-19.1', 'EP-19.2'],
  },
  deleteAppInstall: {
    ...appInstallCall,
    method: 'DELETE',
    headers: ['Authorization', 'If-Match'],
    responses: { 200: AppInstallSchema, ...errors(401, 404, 412) },
    rules: ['EP-19.2'],
  },
} as const satisfies Record<string, Operation>

/** The id of an operation. */
export type OperationId = keyof typeof operations

/**
 * Fills a path template; each value becomes one percent-encoded segment. Throws a TypeError for a missing value.
 *
 * @example
 * ```ts
 * import { operations, toPath } from '@sendbox/schema'
 *
 * console.log(toPath(operations.consumer.path, { accountId: '12345678' })) // /api/account/12345678/consumer
 * ```
 */
export const toPath = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new TypeError(`${template} needs the parameter "${name}"`)
    return encodeURIComponent(value)
  })

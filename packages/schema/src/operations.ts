import type { z } from 'zod'
import { ConversationBatchSchema } from './requests/open-conversation.ts'
import { SendRequestSchema } from './requests/send-request.ts'
import { ErrorResponseSchema } from './responses/error-response.ts'
import { ConversationBatchResponseSchema, SendResponseSchema } from './responses/send-response.ts'
import type { RuleId } from './rules/index.ts'
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

/** One call of the API, as routes, clients, documents and contracts read it. */
export interface Operation {
  /** The service whose host serves it; the Domain API itself has none. */
  readonly service?: ServiceName
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Path template; `{accountId}` stands for a percent-encoded segment. */
  readonly path: string
  /** Other templates that are answered alike. */
  readonly aliases?: readonly string[]
  /** Query parameters with the values that the service expects. */
  readonly query: Readonly<Record<string, string>>
  /** Further query parameters that a request must have, whose values vary. */
  readonly queryParameters?: readonly string[]
  /** Header fields that a request must carry, beside its content type. */
  readonly headers: readonly string[]
  readonly contentType?: string
  /** Schema of the body; raw bytes have none. */
  readonly request?: z.ZodType
  /** Schemas of the answers by HTTP status; `bytes` for a file, `empty` for an answer without a body. */
  readonly responses: Readonly<Record<number, z.ZodType | 'bytes' | 'empty'>>
  readonly rules: readonly RuleId[]
}

const actsForConsumer = ['Authorization', 'X-LP-ON-BEHALF'] as const

const consumerFailures = {
  400: ErrorResponseSchema,
  401: ErrorResponseSchema,
  404: ErrorResponseSchema,
  405: ErrorResponseSchema,
  413: ErrorResponseSchema,
  415: ErrorResponseSchema,
  429: ErrorResponseSchema,
} as const

/** Every operation of the API, by its id. */
export const operations = {
  send: {
    service: 'asyncMessagingEnt',
    method: 'POST',
    path: '/api/account/{accountId}/messaging/consumer/conversation/send',
    query: { v: '3' },
    headers: actsForConsumer,
    contentType: 'application/json',
    request: SendRequestSchema,
    responses: { 200: SendResponseSchema, ...consumerFailures },
    rules: ['EP-1', 'EP-3.1', 'AUTH-1.1', 'AUTH-2'],
  },
  conversation: {
    service: 'asyncMessagingEnt',
    method: 'POST',
    path: '/api/account/{accountId}/messaging/consumer/conversation',
    query: { v: '3' },
    headers: actsForConsumer,
    contentType: 'application/json',
    request: ConversationBatchSchema,
    responses: { 200: ConversationBatchResponseSchema, ...consumerFailures },
    rules: ['EP-2', 'EP-3.1', 'AUTH-1.1', 'AUTH-2'],
  },
  baseUri: {
    method: 'GET',
    path: '/api/account/{accountId}/service/{serviceName}/baseURI.json',
    query: { version: '1.0' },
    headers: [],
    responses: {
      200: BaseUriResponseSchema,
      400: ErrorResponseSchema,
      401: ErrorResponseSchema,
      404: ErrorResponseSchema,
    },
    rules: ['EP-5.1', 'EP-7.1'],
  },
  baseUris: {
    method: 'GET',
    path: '/api/account/{accountId}/service/baseURI.json',
    aliases: ['/api/account/{accountId}/service/baseURI'],
    query: { version: '1.0' },
    headers: [],
    responses: {
      200: BaseUrisResponseSchema,
      400: ErrorResponseSchema,
      401: ErrorResponseSchema,
    },
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
    responses: {
      201: ConsumerResponseSchema,
      400: ErrorResponseSchema,
      401: ErrorResponseSchema,
    },
    rules: ['EP-13'],
  },
  upload: {
    service: 'swift',
    method: 'PUT',
    path: '/v1/AUTH_async-images/{accountId}/{fileName}',
    aliases: ['//v1/AUTH_async-images/{accountId}/{fileName}'],
    query: {},
    queryParameters: ['temp_url_sig', 'temp_url_expires'],
    headers: [],
    contentType: 'application/octet-stream',
    responses: { 201: 'empty', 401: ErrorResponseSchema, 413: ErrorResponseSchema },
    rules: ['EP-15', 'EP-16', 'PUB-5.2'],
  },
  download: {
    service: 'swift',
    method: 'GET',
    path: '/v1/AUTH_async-images/{accountId}/{fileName}',
    aliases: ['//v1/AUTH_async-images/{accountId}/{fileName}'],
    query: {},
    queryParameters: ['temp_url_sig', 'temp_url_expires'],
    headers: [],
    responses: { 200: 'bytes', 401: ErrorResponseSchema, 404: ErrorResponseSchema },
    rules: ['EP-15', 'EP-16'],
  },
} as const satisfies Record<string, Operation>

/** The id of an operation. */
export type OperationId = keyof typeof operations

/** Fills a path template; each value becomes one percent-encoded segment. */
export const toPath = (template: string, parameters: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new TypeError(`${template} needs the parameter "${name}"`)
    return encodeURIComponent(value)
  })

import type { OperationId } from '../../src/operations.ts'
import {
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
} from '../../src/responses/error-catalogue.ts'
import type { SentErrorResponse } from '../../src/responses/sent.ts'
import type { SentAppTokenError } from '../../src/services/sent.ts'
import { createExample, type Example } from './examples.ts'

/** Where an error of the catalogue is a response. */
export interface ErrorUse {
  readonly operations: readonly OperationId[]
  /** True if the request's id is already parsed, so that the response repeats it. */
  readonly isAboutRequest?: boolean
  /** Replacements of the `<name>`s in the catalogue's details. */
  readonly details?: Readonly<Record<string, string>>
}

const acting = ['send', 'conversation'] as const
const withAppJwt = [...acting, 'consumer'] as const
const changing = ['replaceAppInstall', 'deleteAppInstall'] as const
const onInstall = ['appInstall', ...changing] as const
const onInstalls = ['appInstalls', ...onInstall] as const
const withBody = [...withAppJwt, 'agentLogin', 'replaceAppInstall'] as const

/** The uses of each error of the catalogue by its number; an error that no operation declares has none. */
export const errorUses: Readonly<Record<string, readonly ErrorUse[]>> = {
  40001: [{ operations: withAppJwt }],
  40050: [{ operations: withBody }],
  40051: [{ operations: ['send'] }],
  40052: [
    {
      operations: acting,
      isAboutRequest: true,
      details: {
        pointer: '/body/event/chatState',
        expected: 'ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE',
      },
    },
    {
      operations: ['consumer'],
      details: { pointer: '/ext_consumer_id', expected: 'a string that is not empty' },
    },
    {
      operations: ['replaceAppInstall'],
      details: { pointer: '/enabled', expected: 'a boolean' },
    },
    {
      operations: ['agentLogin'],
      details: { pointer: '/password', expected: 'a string that is not empty' },
    },
  ],
  40053: [{ operations: acting, isAboutRequest: true, details: { type: 'ms.Unknown' } }],
  40054: [{ operations: ['send'], isAboutRequest: true }],
  40055: [{ operations: ['send'], isAboutRequest: true, details: { event: 'ChatStateEvent' } }],
  40056: [{ operations: acting, isAboutRequest: true }],
  40057: [{ operations: ['conversation'], isAboutRequest: true }],
  40058: [{ operations: ['send'], isAboutRequest: true, details: { n: '7' } }],
  40059: [{ operations: ['conversation'] }],
  40060: [{ operations: ['conversation'], isAboutRequest: true }],
  40061: [{ operations: ['send'], isAboutRequest: true }],
  40062: [{ operations: ['baseUri', 'baseUris'], details: { version: '1.0' } }],
  40102: [{ operations: withAppJwt }],
  40103: [{ operations: acting }],
  40104: [{ operations: acting }],
  40105: [{ operations: withAppJwt }],
  40150: [{ operations: ['baseUri', 'baseUris'] }],
  40151: [{ operations: ['upload', 'download'] }],
  40152: [{ operations: ['agentLogin'] }],
  40153: [{ operations: onInstalls }],
  40450: [{ operations: acting }],
  40451: [{ operations: ['send'], isAboutRequest: true }],
  40452: [],
  40453: [{ operations: ['baseUri'], details: { service: 'unknownService' } }],
  40454: [{ operations: ['download'] }],
  40455: [{ operations: onInstall }],
  40550: [{ operations: acting }],
  41250: [{ operations: changing }],
  41350: [{ operations: [...acting, 'upload', 'agentLogin', 'replaceAppInstall'] }],
  41550: [{ operations: [...acting, 'agentLogin', 'replaceAppInstall'] }],
  41551: [
    {
      operations: [...acting, 'upload', 'agentLogin', 'replaceAppInstall'],
      details: { name: 'zstd' },
    },
  ],
  42950: [{ operations: acting }],
  50050: [],
  50150: [],
  50151: [],
}

const fill = (template: string, values: Readonly<Record<string, string>> = {}): string =>
  template.replaceAll(/<(\w+)>/g, (placeholder, name: string) => values[name] ?? placeholder)

function toErrorResponse(
  code: ErrorCode,
  { isAboutRequest, details }: ErrorUse,
): SentErrorResponse {
  const { status, title, details: template }: ErrorEntry = errorCatalogue[code]
  return {
    kind: 'resp',
    ...(isAboutRequest && { reqId: '1' }),
    code: status,
    body: { title, details: fill(template, details), errorCode: code },
    type: '.ReqBody$ErrorResp',
  }
}

/** The errors of the catalogue that an operation responds with for a status, by their number. */
export function findErrorExamples(operation: OperationId, status: number): Record<string, Example> {
  const codes = Object.keys(errorCatalogue).map(Number) as ErrorCode[]
  return Object.fromEntries(
    codes.flatMap(code => {
      const entry = errorCatalogue[code]
      const use = errorUses[code]?.find(({ operations }) => operations.includes(operation))
      if (entry.status !== status || !use) return []
      return [[code, createExample(entry.title, toErrorResponse(code, use), entry.rules)]]
    }),
  )
}

const tokenErrors: Readonly<Record<number, readonly SentAppTokenError[]>> = {
  400: [
    { error: 'invalid_request', error_description: 'grant_type is missing' },
    {
      error: 'unsupported_grant_type',
      error_description: 'grant_type must be client_credentials',
    },
  ],
  401: [
    {
      error: 'invalid_client',
      error_description: 'client_id or client_secret is missing or wrong',
    },
  ],
}

/** The errors of the token endpoint for a status, by their name. Rule: EP-12. */
export const findTokenErrorExamples = (status: number): Record<string, Example> =>
  Object.fromEntries(
    (tokenErrors[status] ?? []).map(value => [
      value.error,
      createExample(value.error, value, ['EP-12.2']),
    ]),
  )

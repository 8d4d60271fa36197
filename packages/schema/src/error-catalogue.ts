import type { RuleId } from './rules/index.ts'

/** How one error of the service reads; `<name>` in `details` is filled in. */
export interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly details: string
  readonly rule: RuleId
}

/** Every error that is known by its number, which is what clients act on. Rules: AUTH-6, AUTH-8, RES-7. */
export const errorCatalogue = {
  40001: {
    status: 400,
    title: 'Missing parameter',
    details: 'Brand Id is missing',
    rule: 'AUTH-8',
  },
  40050: {
    status: 400,
    title: 'Bad Request',
    details: 'Request body is not valid JSON',
    rule: 'RES-7',
  },
  40051: {
    status: 400,
    title: 'Bad Request',
    details: 'SEND takes one request, not an array',
    rule: 'EP-4.2',
  },
  40052: {
    status: 400,
    title: 'Bad Request',
    details: '<pointer>: expected <expected>',
    rule: 'RES-7',
  },
  40053: {
    status: 400,
    title: 'Bad Request',
    details: 'Unsupported type <type>',
    rule: 'REQ-3.2',
  },
  40054: {
    status: 400,
    title: 'Bad Request',
    details: 'Conversation is close',
    rule: 'LIF-2.1',
  },
  40055: {
    status: 400,
    title: 'Bad Request',
    details: 'Dialog does not accept <event>',
    rule: 'LIF-3',
  },
  40056: {
    status: 400,
    title: 'Bad Request',
    details: 'File exceeds a limit',
    rule: 'PUB-5.1',
  },
  40057: {
    status: 400,
    title: 'Bad Request',
    details: 'Consumer already has an open conversation',
    rule: 'CON-4.2',
  },
  40058: {
    status: 400,
    title: 'Bad Request',
    details: 'Sequence <n> is not assigned',
    rule: 'PUB-8a',
  },
  40059: {
    status: 400,
    title: 'Bad Request',
    details: 'Batch needs at least two requests',
    rule: 'RES-7',
  },
  40060: {
    status: 400,
    title: 'Bad Request',
    details: 'brandId is not the account of the path',
    rule: 'CON-3',
  },
  40061: {
    status: 400,
    title: 'Bad Request',
    details: 'File was not uploaded',
    rule: 'PUB-3b',
  },
  40062: {
    status: 400,
    title: 'Bad Request',
    details: 'version must be <version>',
    rule: 'EP-7.1',
  },
  40102: {
    status: 401,
    title: 'Invalid AppJWT',
    details: 'AppJWT has expired or is invalid',
    rule: 'AUTH-6',
  },
  40103: {
    status: 401,
    title: 'Invalid ConsumerJWS',
    details: 'ConsumerJWS is invalid',
    rule: 'AUTH-6',
  },
  40104: {
    status: 401,
    title: 'ConsumerJWS is missing',
    details: 'X_ON_BEHALF_HEADER is not present',
    rule: 'AUTH-6',
  },
  40105: {
    status: 401,
    title: 'AppJWT is missing',
    details: 'AUTHORIZATION header is not present',
    rule: 'AUTH-6',
  },
  40150: {
    status: 401,
    title: 'Unauthorized',
    details: 'Account is not known',
    rule: 'EP-7.1',
  },
  40151: {
    status: 401,
    title: 'Unauthorized',
    details: 'temp_url_sig is missing, wrong or past its time',
    rule: 'EP-15',
  },
  40450: {
    status: 404,
    title: 'Not Found',
    details: 'API version not supported',
    rule: 'EP-3.1',
  },
  40451: {
    status: 404,
    title: 'Not Found',
    details: 'Conversation not found',
    rule: 'LIF-6',
  },
  40452: {
    status: 404,
    title: 'Not Found',
    details: 'No such path',
    rule: 'RES-7',
  },
  40453: {
    status: 404,
    title: 'Not Found',
    details: 'No such service: <service>',
    rule: 'EP-7.2',
  },
  40454: {
    status: 404,
    title: 'Not Found',
    details: 'File not found',
    rule: 'EP-16',
  },
  40550: {
    status: 405,
    title: 'Method Not Allowed',
    details: 'Method not allowed',
    rule: 'RES-7',
  },
  41350: {
    status: 413,
    title: 'Payload Too Large',
    details: 'Request body is too large',
    rule: 'RES-7',
  },
  41550: {
    status: 415,
    title: 'Unsupported Media Type',
    details: 'Content-Type must be application/json',
    rule: 'REQ-7.2',
  },
  50050: {
    status: 500,
    title: 'Internal Server Error',
    details: 'Sendbox itself failed: <message>',
    rule: 'RES-6',
  },
} as const satisfies Record<number, ErrorEntry>

/** The number of an error in {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue

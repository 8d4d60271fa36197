import type { RuleId } from '../rules/index.ts'

/** How one error of the service reads; `<name>` in `details` is filled in. */
export interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly details: string
  /** The rules that decide it; what else decided is said where it happens. */
  readonly rules: readonly RuleId[]
}

/** Every error that is known by its number, which is what clients act on. Rules: AUTH-6, AUTH-8, RES-7. */
export const errorCatalogue = {
  40001: {
    status: 400,
    title: 'Missing parameter',
    details: 'Brand Id is missing',
    rules: ['AUTH-8', 'AUTH-8a'],
  },
  40050: {
    status: 400,
    title: 'Bad Request',
    details: 'Request body is not valid JSON',
    rules: ['RES-7'],
  },
  40051: {
    status: 400,
    title: 'Bad Request',
    details: 'SEND takes one request, not an array',
    rules: ['EP-4.1', 'EP-4.2', 'RES-7'],
  },
  40052: {
    status: 400,
    title: 'Bad Request',
    details: '<pointer>: expected <expected>',
    rules: ['RES-7'],
  },
  40053: {
    status: 400,
    title: 'Bad Request',
    details: 'Unsupported type <type>',
    rules: ['REQ-3.1', 'REQ-3.2', 'RES-7'],
  },
  40054: {
    status: 400,
    title: 'Bad Request',
    details: 'Conversation is close',
    rules: ['LIF-2.1', 'LIF-2.2', 'RES-7'],
  },
  40055: {
    status: 400,
    title: 'Bad Request',
    details: 'Dialog does not accept <event>',
    rules: ['RES-7'],
  },
  40056: {
    status: 400,
    title: 'Bad Request',
    details: 'File exceeds a limit',
    rules: ['RES-7'],
  },
  40057: {
    status: 400,
    title: 'Bad Request',
    details: 'Consumer already has an open conversation',
    rules: ['CON-4.1', 'CON-4.2', 'RES-7'],
  },
  40058: {
    status: 400,
    title: 'Bad Request',
    details: 'Sequence <n> is not assigned',
    rules: ['PUB-8a', 'RES-7'],
  },
  40059: {
    status: 400,
    title: 'Bad Request',
    details: 'Batch needs at least two requests',
    rules: ['RES-7'],
  },
  40060: {
    status: 400,
    title: 'Bad Request',
    details: 'brandId is not the account of the path',
    rules: ['CON-3', 'RES-7'],
  },
  40061: {
    status: 400,
    title: 'Bad Request',
    details: 'File was not uploaded',
    rules: ['PUB-3b', 'RES-7'],
  },
  40062: {
    status: 400,
    title: 'Bad Request',
    details: 'version must be <version>',
    rules: ['EP-7.1', 'RES-7'],
  },
  40102: {
    status: 401,
    title: 'Invalid AppJWT',
    details: 'AppJWT has expired or is invalid',
    rules: ['AUTH-6'],
  },
  40103: {
    status: 401,
    title: 'Invalid ConsumerJWS',
    details: 'ConsumerJWS is invalid',
    rules: ['AUTH-6'],
  },
  40104: {
    status: 401,
    title: 'ConsumerJWS is missing',
    details: 'X_ON_BEHALF_HEADER is not present',
    rules: ['AUTH-6'],
  },
  40105: {
    status: 401,
    title: 'AppJWT is missing',
    details: 'AUTHORIZATION header is not present',
    rules: ['AUTH-6', 'AUTH-7'],
  },
  40150: {
    status: 401,
    title: 'Unauthorized',
    details: 'Account is not known',
    rules: ['EP-7.1', 'RES-7'],
  },
  40151: {
    status: 401,
    title: 'Unauthorized',
    details: 'temp_url_sig is missing, wrong or past its time',
    rules: ['EP-15', 'EP-16', 'RES-7'],
  },
  40450: {
    status: 404,
    title: 'Not Found',
    details: 'API version not supported',
    rules: ['EP-3.1', 'EP-3.2', 'RES-7'],
  },
  40451: {
    status: 404,
    title: 'Not Found',
    details: 'Conversation not found',
    rules: ['LIF-6', 'RES-7'],
  },
  40452: {
    status: 404,
    title: 'Not Found',
    details: 'No such path',
    rules: ['RES-7'],
  },
  40453: {
    status: 404,
    title: 'Not Found',
    details: 'No such service: <service>',
    rules: ['EP-7.2', 'RES-7'],
  },
  40454: {
    status: 404,
    title: 'Not Found',
    details: 'File not found',
    rules: ['EP-16', 'RES-7'],
  },
  40550: {
    status: 405,
    title: 'Method Not Allowed',
    details: 'Method not allowed',
    rules: ['RES-7'],
  },
  41350: {
    status: 413,
    title: 'Payload Too Large',
    details: 'Request body is too large',
    rules: ['RES-7'],
  },
  41550: {
    status: 415,
    title: 'Unsupported Media Type',
    details: 'Content-Type must be application/json',
    rules: ['REQ-7.1', 'REQ-7.2', 'RES-7'],
  },
  42950: {
    status: 429,
    title: 'Too Many Requests',
    details: 'Too many requests',
    rules: ['RES-8.1', 'RES-8.2', 'RES-7'],
  },
  50050: {
    status: 500,
    title: 'Internal Server Error',
    details: 'Sendbox itself failed: <message>',
    rules: ['RES-6', 'RES-7'],
  },
  50150: {
    status: 501,
    title: 'Not Implemented',
    details: 'Nothing public says what the service answers here',
    rules: ['RES-9'],
  },
  50151: {
    status: 501,
    title: 'Not Implemented',
    details:
      'This looks like a service that Sendbox does not imitate; it imitates the Domain API, Sentinel, IDP, SEND, CONVERSATION and file storage',
    rules: ['EP-8.2'],
  },
} as const satisfies Record<number, ErrorEntry>

/** The number of an error in {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue

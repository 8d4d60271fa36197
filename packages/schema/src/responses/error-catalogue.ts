import type { RuleId } from '../rules/index.ts'

/** The number of each error by a name for its situation. The one place of the numbers. Rules: AUTH-6, AUTH-8, RES-7. */
export const errorCodes = {
  missingParameter: 40001,
  invalidJson: 40050,
  unexpectedArray: 40051,
  invalidPayload: 40052,
  unsupportedType: 40053,
  conversationClosed: 40054,
  eventNotAccepted: 40055,
  limitExceeded: 40056,
  conversationAlreadyOpen: 40057,
  sequenceNotAssigned: 40058,
  batchTooSmall: 40059,
  wrongBrandId: 40060,
  fileNotUploaded: 40061,
  wrongVersion: 40062,
  invalidAppJwt: 40102,
  invalidConsumerJws: 40103,
  missingConsumerJws: 40104,
  missingAppJwt: 40105,
  unknownAccount: 40150,
  invalidTempUrl: 40151,
  unsupportedApiVersion: 40450,
  conversationNotFound: 40451,
  pathNotFound: 40452,
  serviceNotFound: 40453,
  fileNotFound: 40454,
  methodNotAllowed: 40550,
  payloadTooLarge: 41350,
  unsupportedMediaType: 41550,
  tooManyRequests: 42950,
  internalError: 50050,
  insufficientEvidence: 50150,
  serviceNotImplemented: 50151,
} as const satisfies Record<string, number>

/** One of the numbers of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes]

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
  [errorCodes.missingParameter]: {
    status: 400,
    title: 'Missing parameter',
    details: 'Brand Id is missing',
    rules: ['AUTH-8', 'AUTH-8a'],
  },
  [errorCodes.invalidJson]: {
    status: 400,
    title: 'Bad Request',
    details: 'Request body is not valid JSON',
    rules: ['RES-7'],
  },
  [errorCodes.unexpectedArray]: {
    status: 400,
    title: 'Bad Request',
    details: 'SEND takes one request, not an array',
    rules: ['EP-4.1', 'EP-4.2', 'RES-7'],
  },
  [errorCodes.invalidPayload]: {
    status: 400,
    title: 'Bad Request',
    details: '<pointer>: expected <expected>',
    rules: ['RES-7'],
  },
  [errorCodes.unsupportedType]: {
    status: 400,
    title: 'Bad Request',
    details: 'Unsupported type <type>',
    rules: ['REQ-3.1', 'REQ-3.2', 'RES-7'],
  },
  [errorCodes.conversationClosed]: {
    status: 400,
    title: 'Bad Request',
    details: 'Conversation is close',
    rules: ['LIF-2.1', 'LIF-2.2', 'RES-7'],
  },
  [errorCodes.eventNotAccepted]: {
    status: 400,
    title: 'Bad Request',
    details: 'Dialog does not accept <event>',
    rules: ['RES-7'],
  },
  [errorCodes.limitExceeded]: {
    status: 400,
    title: 'Bad Request',
    details: 'File exceeds a limit',
    rules: ['RES-7'],
  },
  [errorCodes.conversationAlreadyOpen]: {
    status: 400,
    title: 'Bad Request',
    details: 'Consumer already has an open conversation',
    rules: ['CON-4.1', 'CON-4.2', 'RES-7'],
  },
  [errorCodes.sequenceNotAssigned]: {
    status: 400,
    title: 'Bad Request',
    details: 'Sequence <n> is not assigned',
    rules: ['PUB-8a', 'RES-7'],
  },
  [errorCodes.batchTooSmall]: {
    status: 400,
    title: 'Bad Request',
    details: 'Batch needs at least two requests',
    rules: ['RES-7'],
  },
  [errorCodes.wrongBrandId]: {
    status: 400,
    title: 'Bad Request',
    details: 'brandId is not the account of the path',
    rules: ['CON-3', 'RES-7'],
  },
  [errorCodes.fileNotUploaded]: {
    status: 400,
    title: 'Bad Request',
    details: 'File was not uploaded',
    rules: ['PUB-3b', 'RES-7'],
  },
  [errorCodes.wrongVersion]: {
    status: 400,
    title: 'Bad Request',
    details: 'version must be <version>',
    rules: ['EP-7.1', 'RES-7'],
  },
  [errorCodes.invalidAppJwt]: {
    status: 401,
    title: 'Invalid AppJWT',
    details: 'AppJWT has expired or is invalid',
    rules: ['AUTH-6'],
  },
  [errorCodes.invalidConsumerJws]: {
    status: 401,
    title: 'Invalid ConsumerJWS',
    details: 'ConsumerJWS is invalid',
    rules: ['AUTH-6'],
  },
  [errorCodes.missingConsumerJws]: {
    status: 401,
    title: 'ConsumerJWS is missing',
    details: 'X_ON_BEHALF_HEADER is not present',
    rules: ['AUTH-6'],
  },
  [errorCodes.missingAppJwt]: {
    status: 401,
    title: 'AppJWT is missing',
    details: 'AUTHORIZATION header is not present',
    rules: ['AUTH-6', 'AUTH-7'],
  },
  [errorCodes.unknownAccount]: {
    status: 401,
    title: 'Unauthorized',
    details: 'Account is not known',
    rules: ['EP-7.1', 'RES-7'],
  },
  [errorCodes.invalidTempUrl]: {
    status: 401,
    title: 'Unauthorized',
    details: 'temp_url_sig is missing, wrong or past its time',
    rules: ['EP-15', 'EP-16', 'RES-7'],
  },
  [errorCodes.unsupportedApiVersion]: {
    status: 404,
    title: 'Not Found',
    details: 'API version not supported',
    rules: ['EP-3.1', 'EP-3.2', 'RES-7'],
  },
  [errorCodes.conversationNotFound]: {
    status: 404,
    title: 'Not Found',
    details: 'Conversation not found',
    rules: ['LIF-6', 'RES-7'],
  },
  [errorCodes.pathNotFound]: {
    status: 404,
    title: 'Not Found',
    details: 'No such path',
    rules: ['RES-7'],
  },
  [errorCodes.serviceNotFound]: {
    status: 404,
    title: 'Not Found',
    details: 'No such service: <service>',
    rules: ['EP-7.2', 'RES-7'],
  },
  [errorCodes.fileNotFound]: {
    status: 404,
    title: 'Not Found',
    details: 'File not found',
    rules: ['EP-16', 'RES-7'],
  },
  [errorCodes.methodNotAllowed]: {
    status: 405,
    title: 'Method Not Allowed',
    details: 'Method not allowed',
    rules: ['RES-7'],
  },
  [errorCodes.payloadTooLarge]: {
    status: 413,
    title: 'Payload Too Large',
    details: 'Request body is too large',
    rules: ['RES-7'],
  },
  [errorCodes.unsupportedMediaType]: {
    status: 415,
    title: 'Unsupported Media Type',
    details: 'Content-Type must be application/json',
    rules: ['REQ-7.1', 'REQ-7.2', 'RES-7'],
  },
  [errorCodes.tooManyRequests]: {
    status: 429,
    title: 'Too Many Requests',
    details: 'Too many requests',
    rules: ['RES-8.1', 'RES-8.2', 'RES-7'],
  },
  [errorCodes.internalError]: {
    status: 500,
    title: 'Internal Server Error',
    details: 'Sendbox itself failed: <message>',
    rules: ['RES-6', 'RES-7'],
  },
  [errorCodes.insufficientEvidence]: {
    status: 501,
    title: 'Not Implemented',
    details: 'Nothing public says what the service answers here',
    rules: ['RES-9'],
  },
  [errorCodes.serviceNotImplemented]: {
    status: 501,
    title: 'Not Implemented',
    details:
      'This looks like a service that Sendbox does not imitate; it imitates the Domain API, Sentinel, IDP, SEND, CONVERSATION and file storage',
    rules: ['EP-8.2'],
  },
} as const satisfies Record<ErrorCode, ErrorEntry>

import type { RuleId } from '../rules/index.ts'

/** One error of the service; the caller replaces each `<name>` in `details`. */
export interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly details: string
  /** The rules of the error; the code that refuses adds those of its reason. */
  readonly rules: readonly RuleId[]
}

/** Code, details and rules of each error; the title is the status's reason phrase if there is no fourth element. */
const errors = {
  missingParameter: [40001, 'Brand Id is missing', ['AUTH-8', 'AUTH-8a'], 'Missing parameter'],
  invalidJson: [40050, 'Request body is not valid JSON', ['RES-7']],
  unexpectedArray: [40051, 'SEND takes one request, not an array', ['EP-4.1', 'EP-4.2', 'RES-7']],
  invalidPayload: [40052, '<pointer>: expected <expected>', ['RES-7']],
  unsupportedType: [40053, 'Unsupported type <type>', ['REQ-3.1', 'REQ-3.2', 'RES-7']],
  conversationClosed: [40054, 'Conversation is close', ['LIF-2.1', 'LIF-2.2', 'RES-7']],
  eventNotAccepted: [40055, 'Dialog does not accept <event>', ['RES-7']],
  limitExceeded: [40056, 'File exceeds a limit', ['RES-7']],
  conversationAlreadyOpen: [
    40057,
    'Consumer already has an open conversation',
    ['CON-4.1', 'CON-4.2', 'RES-7'],
  ],
  sequenceNotAssigned: [40058, 'Sequence <n> is not assigned', ['PUB-8a', 'RES-7']],
  batchTooSmall: [40059, 'Batch needs at least two requests', ['RES-7']],
  wrongBrandId: [40060, 'brandId is not the account of the path', ['CON-3', 'RES-7']],
  fileNotUploaded: [40061, 'File was not uploaded', ['PUB-3b', 'RES-7']],
  wrongVersion: [40062, 'version must be <version>', ['EP-7.1', 'RES-7']],
  invalidAppJwt: [40102, 'AppJWT has expired or is invalid', ['AUTH-6'], 'Invalid AppJWT'],
  invalidConsumerJws: [40103, 'ConsumerJWS is invalid', ['AUTH-6'], 'Invalid ConsumerJWS'],
  missingConsumerJws: [
    40104,
    'X_ON_BEHALF_HEADER is not present',
    ['AUTH-6'],
    'ConsumerJWS is missing',
  ],
  missingAppJwt: [
    40105,
    'AUTHORIZATION header is not present',
    ['AUTH-6', 'AUTH-7'],
    'AppJWT is missing',
  ],
  unknownAccount: [40150, 'Account is not known', ['EP-7.1', 'RES-7']],
  invalidTempUrl: [
    40151,
    'temp_url_sig is missing, wrong or past its time',
    ['EP-15', 'EP-16', 'RES-7'],
  ],
  loginRefused: [40152, 'username or password is wrong', ['EP-18.2', 'RES-7']],
  invalidBearer: [40153, 'Bearer is missing, wrong or past its time', ['EP-19.2', 'RES-7']],
  unsupportedApiVersion: [40450, 'API version not supported', ['EP-3.1', 'EP-3.2', 'RES-7']],
  conversationNotFound: [40451, 'Conversation not found', ['LIF-6', 'RES-7']],
  pathNotFound: [40452, 'No such path', ['RES-7']],
  serviceNotFound: [40453, 'No such service: <service>', ['EP-7.2', 'RES-7']],
  fileNotFound: [40454, 'File not found', ['EP-16', 'RES-7']],
  appInstallNotFound: [40455, 'App install not found', ['EP-19.2', 'RES-7']],
  methodNotAllowed: [40550, 'Method not allowed', ['RES-7']],
  staleRevision: [
    41250,
    'If-Match must be the ac-revision of the app install',
    ['EP-19.2', 'RES-7'],
  ],
  payloadTooLarge: [41350, 'Request body is too large', ['RES-7']],
  unsupportedMediaType: [
    41550,
    'Content-Type must be application/json',
    ['REQ-7.1', 'REQ-7.2', 'RES-7'],
  ],
  unsupportedEncoding: [41551, 'Content-Encoding <name> is not supported', ['RES-7']],
  tooManyRequests: [42950, 'Too many requests', ['RES-8.1', 'RES-8.2', 'RES-7']],
  internalError: [50050, 'Sendbox itself failed: <message>', ['RES-6', 'RES-7']],
  insufficientEvidence: [50150, 'Nothing public says what the service answers here', ['RES-9']],
  serviceNotImplemented: [
    50151,
    'This looks like a service that Sendbox does not imitate; it imitates the Domain API, Sentinel, IDP, SEND, CONVERSATION, file storage, the login of agents and app installs',
    ['EP-8.2'],
  ],
} as const satisfies Readonly<
  Record<string, readonly [code: number, details: string, rules: readonly RuleId[], title?: string]>
>

type Errors = typeof errors
type ErrorName = keyof Errors

/**
 * The numbers of all errors, by a name for each situation. Rules: AUTH-6, AUTH-8, RES-7.
 *
 * @example
 * ```ts
 * import { errorCatalogue, errorCodes } from '@sendbox/schema'
 *
 * console.log(errorCodes.conversationClosed) // 40054
 * console.log(errorCatalogue[errorCodes.conversationClosed].details) // Conversation is close
 * ```
 */
export const errorCodes = Object.fromEntries(
  Object.entries(errors).map(([name, [code]]) => [name, code]),
) as { readonly [Name in ErrorName]: Errors[Name][0] }

/** One of the numbers of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[ErrorName]

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
}

function toEntry([code, details, rules, title]: readonly [
  number,
  string,
  readonly RuleId[],
  string?,
]): ErrorEntry {
  const status = Math.floor(code / 100)
  return { status, title: title ?? reasonPhrases[status] ?? '', details, rules }
}

/** Every error by its number, which clients act on. Rules: AUTH-6, AUTH-8, RES-7. */
export const errorCatalogue = Object.fromEntries(
  Object.values(errors).map(row => [row[0], toEntry(row)]),
) as Readonly<Record<ErrorCode, ErrorEntry>>

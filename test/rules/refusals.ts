const badRequest = { status: 400, title: 'Bad Request' } as const
const notFound = { status: 404, title: 'Not Found' } as const

/** Says that the request's id was not read, or is not repeated. Rules: AUTH-5, RES-6. */
const isUnread = true

/** Every error as the protocol writes it, by its errorCode. Rules: AUTH-6, AUTH-8, RES-7. */
export const refusals = {
  40001: { status: 400, title: 'Missing parameter', details: 'Brand Id is missing', isUnread },
  40050: { ...badRequest, details: 'Request body is not valid JSON', isUnread },
  40051: { ...badRequest, details: 'SEND takes one request, not an array', isUnread },
  40052: { ...badRequest, details: '…' },
  40053: { ...badRequest, details: 'Unsupported type ms.Foo' },
  40054: { ...badRequest, details: 'Conversation is close' },
  40055: { ...badRequest, details: 'Dialog does not accept ChatStateEvent' },
  40056: { ...badRequest, details: 'File exceeds a limit' },
  40057: { ...badRequest, details: 'Consumer already has an open conversation' },
  40058: { ...badRequest, details: 'Sequence 0 is not assigned' },
  40059: { ...badRequest, details: 'Batch needs at least two requests', isUnread },
  40060: { ...badRequest, details: 'brandId is not the account of the path' },
  40061: { ...badRequest, details: 'File was not uploaded' },
  40062: { ...badRequest, details: 'version must be 1.0', isUnread },
  40102: {
    status: 401,
    title: 'Invalid AppJWT',
    details: 'AppJWT has expired or is invalid',
    isUnread,
  },
  40103: { status: 401, title: 'Invalid ConsumerJWS', details: 'ConsumerJWS is invalid', isUnread },
  40104: {
    status: 401,
    title: 'ConsumerJWS is missing',
    details: 'X_ON_BEHALF_HEADER is not present',
    isUnread,
  },
  40105: {
    status: 401,
    title: 'AppJWT is missing',
    details: 'AUTHORIZATION header is not present',
    isUnread,
  },
  40150: { status: 401, title: 'Unauthorized', details: 'Account is not known', isUnread },
  40151: { status: 401, title: 'Unauthorized', details: '…', isUnread },
  40152: {
    status: 401,
    title: 'Unauthorized',
    details: 'username or password is wrong',
    isUnread,
  },
  40153: {
    status: 401,
    title: 'Unauthorized',
    details: 'Bearer is missing, wrong or past its time',
    isUnread,
  },
  40455: { ...notFound, details: 'App install not found', isUnread },
  41250: {
    status: 412,
    title: 'Precondition Failed',
    details: 'If-Match must be the ac-revision of the app install',
    isUnread,
  },
  40450: { ...notFound, details: 'API version not supported', isUnread },
  40451: { ...notFound, details: 'Conversation not found' },
  40452: { ...notFound, details: 'No such path', isUnread },
  40453: { ...notFound, details: 'No such service: …', isUnread },
  40454: { ...notFound, details: '…', isUnread },
  40550: { status: 405, title: 'Method Not Allowed', details: 'Method not allowed', isUnread },
  41350: {
    status: 413,
    title: 'Payload Too Large',
    details: 'Request body is too large',
    isUnread,
  },
  41550: {
    status: 415,
    title: 'Unsupported Media Type',
    details: 'Content-Type must be application/json',
    isUnread,
  },
  42950: { status: 429, title: 'Too Many Requests', details: 'Too many requests' },
  50150: {
    status: 501,
    title: 'Not Implemented',
    details: 'Nothing public says what the service answers here',
  },
} as const

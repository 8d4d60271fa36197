import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { RawAnswer } from '../raw-socket.ts'
import { clientSecret, type FuzzInput, type FuzzTokens } from './input.ts'

const require = createRequire(import.meta.url)
const ajv = new Ajv2020({ strict: false })
const toCheck = (name: string) => ajv.compile(require(`@sendbox/schema/json-schema/${name}.json`))
const isSendRequest = toCheck('SendRequest')
const isBatch = toCheck('ConversationBatch')

const account = '12345678'
const api = '/api/account/([^/?]+)'
const sendPath = new RegExp(`^${api}/messaging/consumer/conversation/send\\?(.*)$`)
const batchPath = new RegExp(`^${api}/messaging/consumer/conversation\\?(.*)$`)
const consumerPath = new RegExp(`^${api}/consumer(?:\\?.*)?$`)
const tokenPath = new RegExp(`^/sentinel${api}/app/token\\?(.*)$`)
const domainPath = new RegExp(`^${api}/service/(?:([^/?]+)/)?baseURI(?:\\.json)?\\?(.*)$`)
/** The paths that answer a preflight, whatever it asks. Rule: EP-17. */
const preflightPath = new RegExp(
  `^(?:${api}/service/(?:[^/?]+/baseURI\\.json|baseURI(?:\\.json)?)|//?v1/AUTH_async-images/[^/?]+/[^?]+)(?:\\?.*)?$`,
)
const agentPath = /^\/__sendbox\/accounts\/[^/]+\/conversations\/[^/]+\/agent(?:\?.*)?$/

/** The control API shows to programs whatever they ask for, and lets them act as the agent; other pages get nothing. */
const isOpenControl = ({ method, path, headers }: FuzzInput): boolean =>
  headers['Origin'] === undefined &&
  (method === 'POST'
    ? agentPath.test(path)
    : method === 'GET' && /^\/__sendbox(?:[/?]|$)/.test(path))

/** The JSON of a body, as any reader of the service's documents would get it; `undefined` for none. */
function readJson({ headers, body }: FuzzInput): unknown {
  const [type = ''] = (headers['Content-Type'] ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/json') return undefined
  const encoding = headers['Content-Encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return undefined
  try {
    const bytes = encoding === 'gzip' ? gunzipSync(body) : body
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** The parameters of all that follows the first question mark; a second one belongs to a name. */
const parametersOf = (query = ''): URLSearchParams => new URL(`http://a/?${query}`).searchParams

/** Exactly one `v`, and that is 3. Rule: EP-3. */
const isVersion3 = (query: string): boolean => parametersOf(query).getAll('v').join() === '3'

const secretOf = (accountId: string | undefined): string =>
  accountId === account ? clientSecret : 'sendbox-secret'

const decoded = (segment: string | undefined): string | undefined => {
  try {
    return decodeURIComponent(segment ?? '')
  } catch {
    return undefined
  }
}

/** Web pages of another site may call the Domain API, and nothing else that is asked here. */
const isForeignPage = ({ path, headers }: FuzzInput): boolean =>
  headers['Origin'] !== undefined && !domainPath.test(path)

/** Says whether a request is one that the service may take: its tokens, version and body are good. */
function mayTake(input: FuzzInput, tokens: FuzzTokens): boolean {
  const { method, path, headers } = input
  if (method === 'OPTIONS' && preflightPath.test(path)) return true
  if (isForeignPage(input)) return false
  const isApp = headers['Authorization'] === tokens.appJwt['good']
  const isConsumer = headers['X-LP-ON-BEHALF'] === tokens.consumerJws['good']
  const send = sendPath.exec(path)
  if (send || batchPath.test(path)) {
    const [, segment, query = ''] = send ?? batchPath.exec(path) ?? []
    const check = send ? isSendRequest : isBatch
    const isOwn = decoded(segment) === account && isApp && isConsumer && isVersion3(query)
    return method === 'POST' && isOwn && check(readJson(input))
  }
  const consumer = consumerPath.exec(path)
  if (consumer) {
    const json = readJson(input) as { ext_consumer_id?: unknown } | null | undefined
    const id = json?.ext_consumer_id
    const isOwn = decoded(consumer[1]) === account && isApp
    return method === 'POST' && isOwn && typeof id === 'string' && id !== ''
  }
  const token = tokenPath.exec(path)
  if (token) {
    const query = parametersOf(token[2])
    const isClient = query.getAll('client_id').join() === 'sendbox-client'
    const isSecret = query.getAll('client_secret').join() === secretOf(decoded(token[1]))
    return method === 'POST' && isClient && isSecret && query.has('grant_type')
  }
  const domain = domainPath.exec(path)
  if (domain) {
    const [, , service, query] = domain
    const isKnown = service === undefined || service === 'sentinel'
    const versions = parametersOf(query).getAll('version')
    return method === 'GET' && isKnown && versions.join() === '1.0'
  }
  return isOpenControl(input)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The error of the protocol, to the last key. Rules: AUTH-5, RES-6. */
function isProtocolError(json: Record<string, unknown>, status: number): boolean {
  const { kind, code, body, type, reqId, ...more } = json
  if (!isRecord(body)) return false
  const { title, details, errorCode, ...others } = body
  const hasStatus = status === 400 || String(errorCode).startsWith(String(status))
  return (
    kind === 'resp' &&
    type === '.ReqBody$ErrorResp' &&
    code === status &&
    hasStatus &&
    /^\d{5}$/.test(String(errorCode)) &&
    typeof title === 'string' &&
    typeof details === 'string' &&
    (reqId === undefined || (typeof reqId === 'string' && status !== 401)) &&
    Object.keys(more).length + Object.keys(others).length === 0
  )
}

/** True for a response of Node itself to malformed HTTP: no body, connection closed. */
const isOfNode = ({ status, headers, body }: RawAnswer): boolean =>
  [400, 408, 413, 417, 431].includes(status) && body === '' && headers['connection'] === 'close'

function isErrorWell(answer: RawAnswer, input: FuzzInput): boolean {
  const { path } = input
  if (isOfNode(answer)) return true
  let json: unknown
  try {
    json = JSON.parse(answer.body)
  } catch {
    return false
  }
  if (!isRecord(json) || answer.headers['content-type'] !== 'application/json;charset=utf-8')
    return false
  if (path.startsWith('/sentinel') && typeof json['error'] === 'string')
    return typeof json['error_description'] === 'string'
  if (answer.status === 403 && isForeignPage(input)) return typeof json['details'] === 'string'
  const isControl = path.startsWith('/__sendbox') && typeof json['details'] === 'string'
  return isControl || isProtocolError(json, answer.status)
}

/** Codes that a request with good tokens, version and schema can still get: state, limits, account. */
const refusalsOfGood = [40001, 40052, 40054, 40055, 40056, 40057, 40060, 40061, 40103, 40451]

const errorCodeOf = ({ body }: RawAnswer): number =>
  Number((JSON.parse(body) as { body?: { errorCode?: number } }).body?.errorCode)

/** Shorter JSON has fewer values than the mock refuses. */
const minBytesOfTooMany = 20_000

/** Whether a text shows the client secret, or the signature of a valid token. */
export function showsSecret(text: string, { appJwt, consumerJws }: FuzzTokens): boolean {
  const signatures = [appJwt, consumerJws].map(
    ({ good = '' }) => good.split('.')[2] ?? clientSecret,
  )
  return [clientSecret, ...signatures].some(secret => text.includes(secret))
}

/** All of an answer but the id that it has to repeat. Rule: RES-1. */
const withoutId = ({ headers, body }: RawAnswer): string =>
  JSON.stringify(headers) + body.replaceAll(/"reqId":"(?:[^"\\]|\\.)*"/g, '')

/** Describes the problem of a response; `undefined` if there is none. */
export function faultOf(
  answer: RawAnswer,
  input: FuzzInput,
  tokens: FuzzTokens,
): string | undefined {
  const { status } = answer
  const isGood = mayTake(input, tokens)
  if (status >= 500 && !(status === 501 && /"errorCode":5015[01]/.test(answer.body)))
    return 'the mock itself failed'
  // A success has what was asked for: the good token once more, or the account of the path.
  if (status >= 400 && showsSecret(withoutId(answer), tokens)) return 'an answer shows a secret'
  if (status < 300) return isGood ? undefined : 'taken, though it is not valid'
  if (!isErrorWell(answer, input)) return 'an error without the shape of one'
  const isSend = sendPath.test(input.path)
  const isLong = status === 413 && input.body.length >= minBytesOfTooMany
  if (isGood && isSend && !isLong && !refusalsOfGood.includes(errorCodeOf(answer)))
    return 'refused, though it is valid'
  return undefined
}

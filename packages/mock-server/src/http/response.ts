import type { ServerResponse } from 'node:http'
import {
  createProblem,
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
  errorCodes,
  type Problem,
  type RuleId,
  type Result as SchemaResult,
  type SentErrorResponse,
} from '@sendbox/schema'
import type { WireOutcome } from '../journal/record.ts'
import type { UnknownPart } from '../model/command.ts'
import { isKnown, nameRules } from '../model/evidence.ts'
import { redactText } from '../redact/secrets.ts'
import type { Settings } from '../settings.ts'
import { resetConnection } from '../tls/connections.ts'
import type { Explanation } from './explain/explanation.ts'

/** Facts about a call for the journal; returned with the response. */
export interface CallFacts {
  /** The `lp_consumer_id` that the call acts for. */
  readonly consumerId?: string | undefined
  /** The `ext_consumer_id` of that consumer. */
  readonly extConsumerId?: string | undefined
  /** The conversation that the call turned out to be about. */
  readonly conversationId?: string | undefined
  /** Deviations of the payload that did not refuse it. */
  readonly diagnostics?: readonly Problem[] | undefined
  /** All reasons to refuse the call. */
  readonly problems?: readonly Problem[] | undefined
  /** The first of them in one sentence, as the header `x-sendbox-hint` shows it. Rule: RES-9a. */
  readonly hint?: string
}

const maxUnknownParts = 100

/** The diagnostics of what an event names and nobody has; `path` leads to the event. Rules: PUB-3b, PUB-8a. */
export const toDiagnostics = (
  { unknownParts = [] }: { readonly unknownParts?: readonly UnknownPart[] | undefined },
  path: readonly (string | number)[],
): Problem[] =>
  unknownParts
    .slice(0, maxUnknownParts)
    .map(part => createProblem({ ...part, path: [...path, ...part.path] }))

/** A response to be sent over HTTP. */
export interface ServiceResponse {
  readonly status: number
  /** Sent as JSON; without it the response has `bytes` or no body. */
  readonly body?: unknown
  readonly bytes?: Uint8Array | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The rules that decided status or body; none for what production does not have. Rule: RES-9. */
  readonly rules?: readonly RuleId[]
  /** For the journal; never sent. */
  readonly facts?: CallFacts
  /** Why the call was refused, to be explained. Rule: RES-9a. */
  readonly refusal?: Refusal
  /** The explanation of a refusal that has no errorCode of the service. */
  readonly explanation?: Explanation
}

/** Why a request is refused; `params` fill the `<name>`s of the catalogue's details. */
export interface Refusal {
  readonly errorCode: ErrorCode
  readonly params?: Readonly<Record<string, string>> | undefined
  /** The request's id as text, where it could be read. */
  readonly reqId?: string | undefined
  /** The rules that decided it beside those of the catalogue. */
  readonly rules?: readonly RuleId[] | undefined
  /** All problems of a refused payload. */
  readonly problems?: readonly Problem[]
  /** The reason in words, where only the check that refuses knows it. */
  readonly reason?: string | undefined
}

/** A value, or why the call is refused. */
export type Result<Value> = SchemaResult<Value, Refusal>

type Refused = Extract<Result<never>, { ok: false }>

export const refuse = (
  errorCode: ErrorCode,
  params: Readonly<Record<string, string>> = {},
  rules: readonly RuleId[] = [],
): Refused => ({ ok: false, refusal: { errorCode, params, rules } })

const limitRules: readonly string[] = ['PUB-5.1', 'PUB-5.2']

/** Refuses a payload for the first of its problems; a limit has a code of its own. Rules: PUB-5, RES-7. */
export function refuseForProblems(problems: readonly [Problem, ...Problem[]]): Refused {
  const [{ path: pointer, expected, rule }] = problems
  const { refusal } = limitRules.includes(rule)
    ? refuse(errorCodes.limitExceeded, {}, [rule])
    : refuse(errorCodes.invalidPayload, { pointer, expected }, [rule])
  return { ok: false, refusal: { ...refusal, problems } }
}

/** Maximum length of a caller's value that an error quotes, in characters. */
const maxQuotedLength = 200

/** Redacted and shortened: a value in a wrong place may be a token, or very long. */
function quote(value: string): string {
  const shown = redactText(value.slice(0, 4 * maxQuotedLength))
  return shown.length > maxQuotedLength ? `${shown.slice(0, maxQuotedLength)}…` : shown
}

const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/<(\w+)>/g, (placeholder, name: string) => quote(params[name] ?? placeholder))

/** Why a request is refused, in the words of the service: the catalogue's, with the values of this refusal. Rule: RES-7. */
export function toErrorBody({ errorCode, params = {} }: Pick<Refusal, 'errorCode' | 'params'>) {
  const { title, details }: ErrorEntry = errorCatalogue[errorCode]
  return { title, details: fill(details, params), errorCode: errorCode as number }
}

/** The response to a refused request. Rules: AUTH-5, AUTH-7, AUTH-8a, RES-6. */
export function toErrorResponse(refusal: Refusal, settings: Settings): ServiceResponse {
  const { errorCode, reqId, rules = [] } = refusal
  const entry: ErrorEntry = errorCatalogue[errorCode]
  const isMissingAppJwt = errorCode === errorCodes.missingAppJwt
  const isMissingClaim = errorCode === errorCodes.missingParameter
  const status = isMissingClaim ? settings.missingClaimStatus : entry.status
  const words = toErrorBody(refusal)
  const body = isMissingAppJwt ? { ...words, errorCode: settings.missingAppJwtErrorCode } : words
  const isAuthError = status === 401 || isMissingClaim
  const isAsText = status === 400 && !isAuthError && settings.errors.body === 'string'
  const response: SentErrorResponse = {
    kind: 'resp',
    ...(reqId !== undefined && !isAuthError && { reqId }),
    code: status,
    body: isAsText ? words.details : body,
    type: '.ReqBody$ErrorResp',
  }
  const form: RuleId[] =
    errorCode === errorCodes.serviceNotImplemented ? [] : [isAuthError ? 'AUTH-5' : 'RES-6']
  const headers = status === 429 && { headers: { 'Retry-After': '1' } }
  return {
    status,
    body: response,
    rules: [...entry.rules, ...rules, ...form],
    refusal,
    ...headers,
  }
}

/** Adds the headers that name the rules; replaces the response by 501 where a rule is below `minEvidence`. Rule: RES-9. */
export function withEvidence(response: ServiceResponse, settings: Settings): ServiceResponse {
  if (response.rules === undefined) return response
  const { rules, headers: named } = nameRules(response.rules)
  const { reqId } = (response.body ?? {}) as { readonly reqId?: string }
  const { status, body, bytes, headers, refusal, explanation } = isKnown(
    rules,
    settings.minEvidence,
  )
    ? response
    : toErrorResponse({ errorCode: errorCodes.insufficientEvidence, reqId, rules }, settings)
  const evidence = settings.evidenceHeaders ? named : undefined
  const { facts } = response
  return {
    status,
    body,
    bytes,
    headers: headers ? { ...headers, ...evidence } : evidence,
    rules,
    ...(facts && { facts }),
    ...(refusal && { refusal }),
    ...(explanation && { explanation }),
  }
}

const jsonType = 'application/json;charset=utf-8'

/** Names and values in turn, which Node writes faster than an object; headers of the response override the defaults. */
function toHeaderList(
  { status, headers = {} }: ServiceResponse,
  content: Content | undefined,
): string[] {
  const list: string[] = []
  const type = typeof content === 'string' ? jsonType : 'application/octet-stream'
  const contentType = headers['Content-Type'] ?? (content === undefined ? undefined : type)
  if (contentType !== undefined) list.push('Content-Type', contentType)
  const length = content === undefined ? 0 : Buffer.byteLength(content)
  const mayHaveContent = status >= 200 && status !== 204
  if (mayHaveContent) list.push('Content-Length', headers['Content-Length'] ?? String(length))
  for (const name in headers)
    if (name !== 'Content-Type' && name !== 'Content-Length') list.push(name, headers[name] ?? '')
  return list
}

/** The body on the wire: JSON as text, which is sent in one packet with the head, or bytes. */
export type Content = string | Uint8Array

/** Serializes the body of a response. */
export const toContent = ({
  body,
  bytes,
}: Pick<ServiceResponse, 'body' | 'bytes'>): Content | undefined =>
  body === undefined ? bytes : JSON.stringify(body)

/** Writes the head of a response that is followed by this content. Rule: RES-1b. */
const writeHead = (
  response: ServerResponse,
  answer: ServiceResponse,
  content: Content | undefined,
): void => void response.writeHead(answer.status, toHeaderList(answer, content))

/** Writes a response. */
export function writeServiceResponse(
  response: ServerResponse,
  answer: ServiceResponse,
  content: Content | undefined = toContent(answer),
): void {
  writeHead(response, answer, content)
  response.end(content)
}

/** The result of a call. */
export interface Outcome {
  /** The response of the operation or the fault, sent whole or not; absent if a fault ended the call without one. */
  readonly response?: ServiceResponse
  readonly delivery: WireOutcome
  /** The fault that acted. */
  readonly faultId?: string
}

type Writer<Sent> = (wire: ServerResponse, response: Sent, content: Content | undefined) => void

/** Sends the head of the response and half of its body, then ends the connection; an empty body is announced as one byte. */
const writeHalf: Writer<ServiceResponse> = (wire, response, content) => {
  const announced = content?.length ? content : new Uint8Array(1)
  writeHead(wire, response, announced)
  wire.flushHeaders()
  const whole = Buffer.from(announced)
  wire.write(whole.subarray(0, Math.floor(whole.byteLength / 2)))
  wire.req.socket.destroySoon()
}

/** JSON that breaks off. */
const malformed = Buffer.from('{"sendbox":"malformed')

const writeMalformed: Writer<ServiceResponse> = (wire, { status, headers }) =>
  writeServiceResponse(wire, {
    status,
    bytes: malformed,
    headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers },
  })

const ifPresent =
  (write: Writer<ServiceResponse>): Writer<ServiceResponse | undefined> =>
  (wire, response, content) => {
    if (response) write(wire, response, content)
  }

export const writers = {
  whole: ifPresent(writeServiceResponse),
  truncated: ifPresent(writeHalf),
  malformed: ifPresent(writeMalformed),
  lost: ({ req }) => req.socket.destroy(),
  reset: ({ req }) => resetConnection(req.socket),
  hang: () => {},
} as const satisfies Readonly<Record<WireOutcome, Writer<ServiceResponse | undefined>>>

/** Writes the outcome of a call, where `content` is the body of its response; a call that hangs is left open. */
export function writeResponse(
  wire: ServerResponse,
  { response, delivery }: Outcome,
  content: Content | undefined,
): void {
  writers[delivery](wire, response, content)
}

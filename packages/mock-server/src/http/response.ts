import {
  type ErrorCode,
  type ErrorEntry,
  type ErrorResponse,
  errorCatalogue,
  type Problem,
  type RuleId,
} from '@sendbox/schema'
import type { Response } from 'express'
import { isKnown, nameRules } from '../model/evidence.ts'
import { redactText } from '../redact-secrets.ts'
import type { Settings } from '../settings.ts'

/** What goes back over HTTP. */
export interface ServiceResponse {
  readonly status: number
  /** What is sent as JSON; without it the answer has `bytes` or no body. */
  readonly body?: unknown
  readonly bytes?: Uint8Array | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The rules that decided status or body; what production does not have is decided by none. Rule: RES-9. */
  readonly rules?: readonly RuleId[]
}

/** Why a request is refused; `params` fill the `<name>`s of the catalogue's details. */
export interface Refusal {
  readonly errorCode: ErrorCode
  readonly params?: Readonly<Record<string, string>> | undefined
  /** The request's id as text, where it could be read. */
  readonly reqId?: string | undefined
  /** What decided it beside the rules of the catalogue. */
  readonly rules?: readonly RuleId[] | undefined
}

/** A value, or the reason why there is none. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

export const refuse = (
  errorCode: ErrorCode,
  params: Readonly<Record<string, string>> = {},
  rules: readonly RuleId[] = [],
): { ok: false; refusal: Refusal } => ({ ok: false, refusal: { errorCode, params, rules } })

const limitRules: readonly string[] = ['PUB-5.1', 'PUB-5.2']

/** The refusal of a payload for its first problem; a limit has a code of its own. Rules: PUB-5, RES-7. */
export const refuseForProblem = ({ path, expected, rule }: Problem): ReturnType<typeof refuse> =>
  limitRules.includes(rule)
    ? refuse(40056, {}, [rule])
    : refuse(40052, { pointer: path, expected }, [rule])

/** The most that an error repeats of what a caller sent, in characters. */
const maxQuotedLength = 200

/** What a caller put in a wrong place may be a token, or very long. */
function quote(value: string): string {
  const shown = redactText(value.slice(0, 4 * maxQuotedLength))
  return shown.length > maxQuotedLength ? `${shown.slice(0, maxQuotedLength)}…` : shown
}

const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/<(\w+)>/g, (placeholder, name: string) => quote(params[name] ?? placeholder))

/** The answer to a refused request. Rules: AUTH-5, AUTH-7, AUTH-8a, RES-6. */
export function toErrorResponse(
  { errorCode, params = {}, reqId, rules = [] }: Refusal,
  settings: Settings,
): ServiceResponse {
  const entry: ErrorEntry = errorCatalogue[errorCode]
  const isMissingAppJwt = errorCode === 40105
  const isMissingClaim = errorCode === 40001
  const status = isMissingClaim ? settings.missingClaimStatus : entry.status
  const details = fill(entry.details, params)
  const body = {
    title: entry.title,
    details,
    errorCode: isMissingAppJwt ? settings.missingAppJwtErrorCode : errorCode,
  }
  const isAuthError = status === 401 || isMissingClaim
  const isAsText = status === 400 && !isAuthError && settings.errors.body === 'string'
  const response: ErrorResponse = {
    kind: 'resp',
    ...(reqId !== undefined && !isAuthError && { reqId }),
    code: status,
    body: isAsText ? details : body,
    type: '.ReqBody$ErrorResp',
  }
  const form: RuleId[] = errorCode === 50151 ? [] : [isAuthError ? 'AUTH-5' : 'RES-6']
  const headers = status === 429 && { headers: { 'Retry-After': '1' } }
  return { status, body: response, rules: [...entry.rules, ...rules, ...form], ...headers }
}

const reqIdOf = ({ body }: ServiceResponse): string | undefined =>
  (body as { readonly reqId?: string } | undefined)?.reqId

/** Names the rules of an answer, and gives way to a 501 where they are not known well enough. Rule: RES-9. */
export function withEvidence(answer: ServiceResponse, settings: Settings): ServiceResponse {
  if (answer.rules === undefined) return answer
  const { rules, headers: named } = nameRules(answer.rules)
  const given = isKnown(rules, settings.minEvidence)
    ? answer
    : toErrorResponse({ errorCode: 50150, reqId: reqIdOf(answer) }, settings)
  const evidence = settings.evidenceHeaders ? named : undefined
  const { status, body, bytes, headers } = given
  return { status, body, bytes, headers: headers ? { ...headers, ...evidence } : evidence, rules }
}

const jsonType = 'application/json;charset=utf-8'

/** Names and values in turn, which Node writes faster than an object; an answer may give those that all have another value. */
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

/** What follows the head: JSON as text, which leaves in one piece with it, or bytes. */
export type Content = string | Uint8Array

/** Puts the body of an answer as it goes over the wire. */
export const toContent = ({ body, bytes }: ServiceResponse): Content | undefined =>
  body === undefined ? bytes : JSON.stringify(body)

/** Writes the head of an answer that is followed by this content. Rule: RES-1b. */
export const writeHead = (
  response: Response,
  answer: ServiceResponse,
  content: Content | undefined,
): void => void response.writeHead(answer.status, toHeaderList(answer, content))

/** Writes an answer. */
export function writeServiceResponse(
  response: Response,
  answer: ServiceResponse,
  content: Content | undefined = toContent(answer),
): void {
  writeHead(response, answer, content)
  response.end(content)
}

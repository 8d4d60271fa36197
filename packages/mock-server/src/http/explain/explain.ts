import {
  ConversationBatchItemSchema,
  type ErrorCode,
  errorCodes,
  isRecord,
  operations,
} from '@sendbox/schema'
import type { Request } from 'express'
import { redactProblem, redactText } from '../../redact/secrets.ts'
import type { Services } from '../../services.ts'
import type { Settings } from '../../settings.ts'
import { type Call, readAccountId } from '../call.ts'
import type { Refusal, ServiceResponse } from '../response.ts'
import {
  explainBearer,
  explainInstall,
  explainOtherInstall,
  explainRevision,
} from './app-install.ts'
import {
  describePayload,
  explainContentType,
  explainEncoding,
  explainJson,
  explainSize,
} from './body.ts'
import {
  explainBrand,
  explainClosed,
  explainEvent,
  explainFile,
  explainForeign,
  explainOpen,
  explainSequence,
  explainUnknown,
} from './conversation.ts'
import { explainLogin } from './credentials.ts'
import {
  alternativesOf,
  type Explanation,
  toHeaderText,
  toProblem,
  valuesOf,
} from './explanation.ts'
import { explainDomainVersion, explainService, explainVersion } from './path.ts'
import type { Explain, Refused } from './refused.ts'
import { explainMissingFile, explainSignature } from './storage.ts'
import { explainToken } from './token.ts'
import { explainType, type RequestTypes } from './type.ts'

const types: RequestTypes = {
  send: operations.send.request.options.map(option => option.shape.type.value),
  conversation: ConversationBatchItemSchema.options.map(option => option.shape.type.value),
}

/** A word that may be a secret in a wrong place: it is longer than those of the protocol. */
const longWord = /[^\s"]{41,}/

/** Explains a payload by the first of its problems. Rule: RES-7. */
function explainPayload({ refusal, call: { json, accountId }, services }: Refused): Explanation {
  const [first] = refusal.problems ?? []
  const problem = first && redactProblem(first, services.installs.secretsOf(accountId))
  const { pointer = '', expected = 'another payload' } = refusal.params ?? {}
  const doubled = json.ok ? describePayload(json.value) : undefined
  if (problem === undefined)
    return { part: pointer || 'The payload', expected, received: 'another value', hint: doubled }
  const hint = doubled ?? /\(([^()]*)\)$/.exec(problem.message)?.[1]
  const isLong = problem.received.endsWith('\u2026') || longWord.test(problem.received)
  const received = isLong ? 'a longer value' : problem.received
  return { part: problem.path || 'The payload', expected: problem.expected, received, hint }
}

/** Explains a batch that is none. Rules: EP-2, RES-7. */
const explainBatch: Explain = ({ call: { json } }) => ({
  part: 'The body',
  expected: `an array of ${alternativesOf(types.conversation)}, at least two`,
  received: json.ok && Array.isArray(json.value) ? `an array of ${json.value.length}` : 'no array',
  hint: 'one request alone goes to .../messaging/consumer/conversation/send?v=3',
})

/** Explains the rate limit. Rule: RES-8. */
function explainRate({
  call: { accountId, settings },
  services: { clocks },
}: Refused): Explanation {
  const { frozen } = clocks.of(accountId)
  return {
    part: 'The account',
    expected: `at most ${settings.limits.requestsPerSecond} calls a second`,
    received: 'one more',
    hint: frozen
      ? 'its clock is frozen, so that the second never ends: advance it'
      : 'the next second of its clock begins to count anew; setting limits.requestsPerSecond',
  }
}

/** Explains what too weak rules decide. Rule: RES-9. */
export const explainEvidence = (
  { rules }: Refusal,
  { minEvidence }: Pick<Settings, 'minEvidence'>,
): Explanation => ({
  part: 'The evidence',
  expected: `rules that are ${minEvidence} at least`,
  received: `weaker ones among ${[...new Set(rules)].join(', ')}`,
  hint: 'setting minEvidence',
})

const explainInvalidApp: Explain = async refused =>
  (await explainToken('AppJWT', refused)) ?? {
    part: 'Authorization',
    expected: 'a valid AppJWT',
    received: 'another one',
  }

/** The errors of requests that are none of an operation, which `path.ts` explains, and of the mock itself. */
type OtherError = (typeof errorCodes)['pathNotFound' | 'methodNotAllowed' | 'internalError']

/** How each refusal of an operation is explained. */
const explainers: Readonly<Record<Exclude<ErrorCode, OtherError>, Explain>> = {
  [errorCodes.missingParameter]: async refused =>
    (await explainToken('AppJWT', refused)) ?? explainBrand(refused),
  [errorCodes.invalidAppJwt]: explainInvalidApp,
  [errorCodes.missingAppJwt]: explainInvalidApp,
  [errorCodes.invalidConsumerJws]: async refused =>
    (await explainToken('ConsumerJWS', refused)) ?? explainForeign(refused),
  [errorCodes.missingConsumerJws]: async refused =>
    (await explainToken('ConsumerJWS', refused)) ?? explainForeign(refused),
  [errorCodes.invalidJson]: explainJson,
  [errorCodes.unexpectedArray]: () => ({
    part: 'The body',
    expected: 'one request',
    received: 'an array',
    hint: 'a batch is CONVERSATION: POST .../messaging/consumer/conversation?v=3',
  }),
  [errorCodes.invalidPayload]: explainPayload,
  [errorCodes.limitExceeded]: explainPayload,
  [errorCodes.unsupportedType]: ({ refusal: { params }, call: { operationId } }) =>
    explainType(params?.['type'] ?? '', operationId === 'send' ? 'send' : 'conversation', types),
  [errorCodes.conversationClosed]: explainClosed,
  [errorCodes.eventNotAccepted]: explainEvent,
  [errorCodes.conversationAlreadyOpen]: explainOpen,
  [errorCodes.sequenceNotAssigned]: explainSequence,
  [errorCodes.batchTooSmall]: explainBatch,
  [errorCodes.wrongBrandId]: explainBrand,
  [errorCodes.fileNotUploaded]: explainFile,
  [errorCodes.wrongVersion]: explainDomainVersion,
  [errorCodes.unknownAccount]: () => ({
    part: 'The path',
    expected: 'an account that the Domain API knows',
    received: 'one of the setting domainApi.unknownAccounts',
  }),
  [errorCodes.invalidTempUrl]: explainSignature,
  [errorCodes.loginRefused]: explainLogin,
  [errorCodes.invalidBearer]: explainBearer,
  [errorCodes.appInstallNotFound]: explainInstall,
  [errorCodes.staleRevision]: explainRevision,
  [errorCodes.serviceNotImplemented]: explainOtherInstall,
  [errorCodes.unsupportedApiVersion]: explainVersion,
  [errorCodes.conversationNotFound]: explainUnknown,
  [errorCodes.serviceNotFound]: explainService,
  [errorCodes.fileNotFound]: explainMissingFile,
  [errorCodes.payloadTooLarge]: explainSize,
  [errorCodes.unsupportedMediaType]: explainContentType,
  [errorCodes.unsupportedEncoding]: explainEncoding,
  [errorCodes.tooManyRequests]: explainRate,
  [errorCodes.insufficientEvidence]: ({ refusal, call }) => explainEvidence(refusal, call.settings),
}

const explainerOf: Readonly<Partial<Record<ErrorCode, Explain>>> = explainers

/** Minimum length of a header's value that counts as a credential, in characters: `undefined` is none. */
const minCredentialLength = 16

/** The values that authorize a call, whole and without their scheme. */
const credentialsOf = (rawHeaders: readonly string[]): string[] =>
  ['authorization', 'x-lp-on-behalf']
    .flatMap(name => valuesOf(rawHeaders, name))
    .flatMap(value => [value, value.replace(/^\S+\s+/, '')])
    .filter(({ length }) => length >= minCredentialLength)

/** Redacts the details of an error, which quote parts of the request; its other fields are the protocol's. Rule: RES-7. */
function redactDetails(body: unknown, secrets: readonly string[]): unknown {
  if (!isRecord(body)) return body
  const { body: error } = body
  if (typeof error === 'string') return { ...body, body: redactText(error, secrets) }
  if (!isRecord(error)) return body
  return { ...body, body: { ...error, details: redactText(String(error['details']), secrets) } }
}

/** Adds an explanation to a response: its header, and a problem of the journal. Rule: RES-9a. */
export function withExplanation(
  response: ServiceResponse,
  explanation: Explanation,
  { rawHeaders, originalUrl }: Pick<Request, 'rawHeaders' | 'originalUrl'>,
  { installs, settings }: Services,
  accountId?: string,
): ServiceResponse {
  const account = accountId ?? readAccountId(originalUrl)
  const secrets = [...credentialsOf(rawHeaders), ...installs.secretsOf(account)]
  const rule = response.rules?.[0] ?? 'RES-9a'
  const problem = toProblem(explanation, rule)
  const hint = toHeaderText(problem.message, secrets)
  const { problems = [] } = response.facts ?? {}
  const isOfPayload =
    problems.length > 0 && problems[0]?.path === problem.path && problem.path !== ''
  return {
    ...response,
    body: redactDetails(response.body, secrets),
    ...(settings.of(account).hintHeader && {
      headers: { 'x-sendbox-hint': hint, ...response.headers },
    }),
    facts: {
      ...response.facts,
      hint,
      problems: isOfPayload ? problems : [{ ...problem, message: hint }, ...problems],
    },
  }
}

/** Explains the refusal of a call, if the response is one. Rule: RES-9a. */
export async function explainResponse(
  response: ServiceResponse,
  call: Call,
  services: Services,
): Promise<ServiceResponse> {
  const { refusal } = response
  const { accountId, request } = call
  const explanation =
    response.explanation ??
    (refusal && (await explainerOf[refusal.errorCode]?.({ refusal, call, services })))
  if (explanation === undefined) return response
  return withExplanation(response, explanation, request, services, accountId)
}

import {
  type ClientPropertiesHeader,
  errorCodes,
  operations,
  type Problem,
  parseClientProperties,
} from '@sendbox/schema'
import { isKnown } from '../model/evidence.ts'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import { authenticateConsumer, peekConsumer } from './authenticate.ts'
import type { Call } from './call.ts'
import { type CallFacts, type Refusal, type Result, refuse } from './response.ts'

/** A payload that was accepted, and its deviations. */
export interface Parsed<Payload> {
  readonly payload: Payload
  readonly diagnostics: readonly Problem[]
}

/** A call that may act: for which consumer, with what. */
interface AuthenticatedCall<Payload> {
  readonly consumerId: string
  readonly payload: Payload
  /** The features of the `Client-Properties` header. Rule: REQ-6. */
  readonly features: readonly string[]
  readonly diagnostics: readonly Problem[]
}

const passed: Result<undefined> = { ok: true, value: undefined }

const none: readonly never[] = []

const noProperties: ClientPropertiesHeader = { features: none, diagnostics: none }

/** The version must be given once and to the letter; a query of nothing else is not parsed. Rule: EP-3. */
function checkVersion({ url, query }: Call['request']): Result<undefined> {
  const { v } = operations.send.query
  const isGiven = url.slice(url.indexOf('?')) === `?v=${v}` || query['v'] === v
  return isGiven ? passed : refuse(errorCodes.unsupportedApiVersion)
}

/** The first of several refusals; AUTH-11 decided its precedence where another check was run and refused too. Rules: AUTH-11, RES-9. */
function firstRefusal(checks: readonly Result<unknown>[]): Refusal | undefined {
  let first: Refusal | undefined
  for (const check of checks) {
    if (check.ok) continue
    if (first) return { ...first, rules: [...(first.rules ?? []), 'AUTH-11'] }
    first = check.refusal
  }
  return first
}

/** The parser of an operation's payload. */
type ParsePayload<Payload> = (call: Call, settings: Settings) => Result<Parsed<Payload>>

/**
 * Checks tokens, version and rate of a call that acts for a consumer: all of them, so that the refusal is that of the first. Only then its
 * payload is parsed, so that whoever has no token cannot make the mock work. Refuses what was accepted by rules of weaker evidence than
 * the settings ask for. Rules: AUTH-11, RES-9.
 */
export async function checkPreconditions<Payload>(
  call: Call,
  parse: ParsePayload<Payload>,
  { clocks, rateLimit, tokens }: Services,
): Promise<{ readonly checked: Result<AuthenticatedCall<Payload>>; readonly facts: CallFacts }> {
  const { request, accountId, subject, settings } = call
  const { reqId } = subject
  const now = clocks.now(accountId)
  const consumer = await authenticateConsumer(request, { accountId, tokens, now })
  const { requestsPerSecond } = settings.limits
  const isWithinRate =
    requestsPerSecond === null || rateLimit.tryAcquire(accountId, now, requestsPerSecond)
  const rate = isWithinRate ? passed : refuse(errorCodes.tooManyRequests)
  const cheap = firstRefusal([consumer, checkVersion(request), rate])
  const parsed = cheap ? undefined : parse(call, settings)
  const header = request.get('client-properties')
  const { features, diagnostics: ofHeader } = header ? parseClientProperties(header) : noProperties
  const ofPayload = parsed?.ok ? parsed.value.diagnostics : none
  const diagnostics = ofHeader.length === 0 ? ofPayload : [...ofPayload, ...ofHeader]
  const refusal = cheap ?? (parsed?.ok === false ? parsed.refusal : undefined)
  const claims = consumer.ok ? consumer.value : peekConsumer(request, { accountId, tokens, now })
  const facts: CallFacts = {
    consumerId: claims?.lp_consumer_id,
    extConsumerId: claims?.ext_consumer_id,
    diagnostics,
    problems: refusal?.problems,
  }
  if (refusal) return { checked: { ok: false, refusal: { reqId, ...refusal } }, facts }
  if (!consumer.ok || !parsed?.ok) throw new Error('A call without a refusal was not read')
  const rules = diagnostics.map(({ rule }) => rule)
  const { payload } = parsed.value
  const value = { consumerId: consumer.value.lp_consumer_id, payload, features, diagnostics }
  const isAccepted = isKnown(rules, settings.minEvidence)
  const unknown: Refusal = { errorCode: errorCodes.insufficientEvidence, reqId, rules }
  return { checked: isAccepted ? { ok: true, value } : { ok: false, refusal: unknown }, facts }
}

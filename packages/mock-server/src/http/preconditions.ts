import type { ConsumerJwsClaims, operations, RuleId } from '@sendbox/schema'
import type { Request } from 'express'
import { isKnown } from '../model/evidence.ts'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import { type Soon, whenThere } from '../soon.ts'
import { authorizeConsumer } from './authenticate.ts'
import { type Call, readRequestId } from './call.ts'
import { type Refusal, type Result, refuse } from './response.ts'

/** The version must be there once and to the letter; a query of nothing else need not be parsed. Rule: EP-3. */
function checkVersion(
  request: Pick<Request, 'url' | 'query'>,
  { v }: { readonly v: string },
): Result<undefined> {
  const { url } = request
  const isGiven = url.slice(url.indexOf('?')) === `?v=${v}` || request.query['v'] === v
  return isGiven ? { ok: true, value: undefined } : refuse(40450)
}

/** A payload that was read, and the rules by which it was taken in spite of something. */
interface Read {
  readonly noted: readonly RuleId[]
}

/** A call that may act: for which consumer, with what. */
export interface AuthenticatedCall<Payload> {
  readonly consumerId: string
  readonly payload: Payload
  /** The id of the request, where the body is one. */
  readonly reqId: string | undefined
}

/** What is particular to an operation. */
interface ConsumerOperation<Payload> {
  readonly query: (typeof operations)['send']['query']
  readonly read: (payload: unknown) => Result<Payload>
}

/** The first of several refusals; that it is the first is AUTH-11's doing. Rules: AUTH-11, RES-9. */
function firstRefusal(checks: readonly Result<unknown>[]): Refusal | undefined {
  let first: Refusal | undefined
  let second: Refusal | undefined
  for (const check of checks)
    if (!check.ok) {
      if (first === undefined) first = check.refusal
      else second ??= check.refusal
    }
  return first && second ? { ...first, rules: [...(first.rules ?? []), 'AUTH-11'] } : first
}

/**
 * Checks tokens, version, rate and body of a call that acts for a consumer, all of them, and refuses it for the first fault.
 * `read` says what is wrong with the payload itself. Rules: AUTH-11, RES-9.
 */
export function checkPreconditions<Payload extends Read>(
  call: Call,
  service: Services,
  operation: ConsumerOperation<Payload>,
): Soon<Result<AuthenticatedCall<Payload>>> {
  const { request, accountId } = call
  const { clocks, rateLimit, settings } = service
  const clock = clocks.of(accountId)
  return whenThere(authorizeConsumer(request, accountId, service, clock.now()), consumer => {
    const isInTime = rateLimit.tryAcquire(accountId, clock.now())
    return admitConsumer(consumer, isInTime, call, settings, operation)
  })
}

function admitConsumer<Payload extends Read>(
  consumer: Result<ConsumerJwsClaims>,
  isInTime: boolean,
  { request, json: body, notes }: Call,
  { minEvidence }: Settings,
  operation: ConsumerOperation<Payload>,
): Result<AuthenticatedCall<Payload>> {
  if (consumer.ok) {
    notes.consumerId = consumer.value.lp_consumer_id
    notes.extConsumerId = consumer.value.ext_consumer_id
  }
  const version = checkVersion(request, operation.query)
  const rate: Result<undefined> = isInTime ? { ok: true, value: undefined } : refuse(42950)
  const payload = body.ok ? operation.read(body.value) : body
  const reqId = body.ok ? readRequestId(body.value) : undefined
  const refused = firstRefusal([consumer, version, rate, payload])
  if (refused) return { ok: false, refusal: { reqId, ...refused } }
  if (!consumer.ok || !payload.ok) throw new Error('A call without a refusal was not read')
  const { noted } = payload.value
  if (!isKnown(noted, minEvidence))
    return { ok: false, refusal: { errorCode: 50150, reqId, rules: noted } }
  return {
    ok: true,
    value: { consumerId: consumer.value.lp_consumer_id, payload: payload.value, reqId },
  }
}

import { STATUS_CODES } from 'node:http'
import type { AppTokenError, ErrorCode, ErrorResponse } from '@sendbox/schema'
import type { FaultAction } from '../faults/call-fault.ts'
import type { ActingFault } from '../faults/registry.ts'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import type { Soon } from '../soon.ts'
import { type Call, readRequestId } from './call.ts'
import { type ServiceResponse, toErrorResponse, withEvidence } from './response.ts'
import type { Outcome, WireOutcome } from './write-response.ts'

/** Which error of the service stands for its status. */
const errorCodeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 40050,
  401: 40102,
  404: 40451,
  405: 40550,
  413: 41350,
  415: 41550,
  429: 42950,
}

/** Rule: EP-12. */
const tokenErrorByStatus: Readonly<Record<number, AppTokenError['error']>> = {
  400: 'invalid_request',
  401: 'invalid_client',
}

/** The last two digits of an errorCode that stands for a status only: 50399. Rule: RES-7. */
const lastDigits = 99

const purpose = 'Sendbox answers this on purpose, see x-sendbox-fault'

/** The error that the service would answer, where it is known; else its form. Rules: AUTH-5, RES-6, EP-12. */
function toDefaultAnswer(status: number, call: Call, settings: Settings): ServiceResponse {
  const tokenError = call.operationId === 'appToken' ? tokenErrorByStatus[status] : undefined
  if (tokenError) {
    const body: AppTokenError = { error: tokenError, error_description: purpose }
    return { status, body }
  }
  const reqId = call.json.ok ? readRequestId(call.json.value) : undefined
  const errorCode = errorCodeByStatus[status]
  if (errorCode) return toErrorResponse({ errorCode, reqId }, settings)
  const title = STATUS_CODES[status] ?? 'Unknown'
  const body: ErrorResponse = {
    kind: 'resp',
    ...(reqId !== undefined && { reqId }),
    code: status,
    body: { title, details: purpose, errorCode: status * 100 + lastDigits },
    type: '.ReqBody$ErrorResp',
  }
  return { status, body }
}

const toGivenAnswer = (status: number, body: unknown): ServiceResponse =>
  typeof body === 'string'
    ? { status, bytes: Buffer.from(body), headers: { 'Content-Type': 'text/plain;charset=utf-8' } }
    : { status, body }

/** Headers in the spelling of the mock's own, so that they take the place of these. */
const withOwnSpelling = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const own = ['Content-Type', 'Retry-After'].find(
        known => known.toLowerCase() === name.toLowerCase(),
      )
      return [own ?? name, value]
    }),
  )

/** The answer of a fault that gives a status; 429 says when to come back. Rule: RES-8. */
function toFaultAnswer(
  { status, body, headers = {} }: FaultAction & { readonly status: number },
  call: Call,
  settings: Settings,
): ServiceResponse {
  const isDefault = body === undefined && status >= 400
  const answer = isDefault ? toDefaultAnswer(status, call, settings) : toGivenAnswer(status, body)
  const retryAfter = status === 429 && { 'Retry-After': '1' }
  return { ...answer, headers: { ...answer.headers, ...retryAfter, ...withOwnSpelling(headers) } }
}

/** A call, and the fault that acts on it. */
interface FaultedCall {
  readonly fault: ActingFault
  readonly call: Call
  readonly service: Services
  /** Processes the call. */
  readonly handle: () => Soon<ServiceResponse>
}

/** The answer of a fault is none of the service: it names the fault, and no rules. Rule: RES-9. */
const toFaulted = (answer: ServiceResponse, faultId: string): ServiceResponse => ({
  ...answer,
  rules: [],
  headers: { ...answer.headers, 'x-sendbox-fault': faultId },
})

const hasStatus = (action: FaultAction): action is FaultAction & { readonly status: number } =>
  action.status !== undefined

function deliveryOf({ truncate, malformed, loseAnswer }: FaultAction): WireOutcome {
  if (truncate) return 'truncated'
  if (malformed) return 'malformed'
  return loseAnswer ? 'lost' : 'whole'
}

/**
 * Does to a call what its fault says: first the delay, then status, reset or hang in place of the model; else the model, once or twice,
 * and what breaks its answer. Resolves with `undefined` where a reset of the account called the call off.
 */
export async function applyFault(faulted: FaultedCall): Promise<Outcome | undefined> {
  const { fault, call, service, handle } = faulted
  const { faultId, action, delayMs } = fault
  const held = { accountId: call.accountId, socket: call.request.socket }
  if (delayMs > 0 && !(await service.faults.held.delay(held, delayMs))) return undefined
  if (action.hang) {
    service.faults.held.hang(held)
    return { delivery: 'hang', faultId }
  }
  if (action.reset) return { delivery: 'reset', faultId }
  if (hasStatus(action)) {
    const answer = toFaulted(toFaultAnswer(action, call, service.settings), faultId)
    return { answer, delivery: 'whole', faultId }
  }
  if (action.applyTwice) await handle()
  const answer = withEvidence(await handle(), { ...service.settings, evidenceHeaders: false })
  return { answer: toFaulted(answer, faultId), delivery: deliveryOf(action), faultId }
}

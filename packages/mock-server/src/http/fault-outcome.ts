import { STATUS_CODES } from 'node:http'
import {
  type ErrorCode,
  errorCodes,
  type SentAppTokenError,
  type SentErrorResponse,
} from '@sendbox/schema'
import {
  type ActingCallFault,
  callFaultActions,
  type FaultAction,
  type FaultedCall,
} from '../faults/call-fault.ts'
import { rowsOf } from '../faults/fault.ts'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import type { Call } from './call.ts'
import { toCorsResponse } from './cors.ts'
import { type Outcome, type ServiceResponse, toErrorResponse, withEvidence } from './response.ts'

/** The service's error of each status. */
const errorCodeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: errorCodes.invalidJson,
  401: errorCodes.invalidAppJwt,
  404: errorCodes.conversationNotFound,
  405: errorCodes.methodNotAllowed,
  413: errorCodes.payloadTooLarge,
  415: errorCodes.unsupportedMediaType,
  429: errorCodes.tooManyRequests,
}

/** Rule: EP-12. */
const tokenErrorByStatus: Readonly<Record<number, SentAppTokenError['error']>> = {
  400: 'invalid_request',
  401: 'invalid_client',
}

/** The last two digits of an errorCode that has no meaning beyond its status: 50399. Rule: RES-7. */
const genericDigits = 99

const purpose = 'Sendbox answers this on purpose, see x-sendbox-fault'

/** The service's error of a status; one of the same form if the service documents none. Rules: AUTH-5, RES-6, EP-12. */
function toDefaultResponse(status: number, call: Call, settings: Settings): ServiceResponse {
  const tokenError = call.operationId === 'appToken' ? tokenErrorByStatus[status] : undefined
  if (tokenError) {
    const body: SentAppTokenError = { error: tokenError, error_description: purpose }
    return { status, body }
  }
  const { reqId } = call.subject
  const errorCode = errorCodeByStatus[status]
  if (errorCode) return toErrorResponse({ errorCode, reqId }, settings)
  const title = STATUS_CODES[status] ?? 'Unknown'
  const body: SentErrorResponse = {
    kind: 'resp',
    ...(reqId !== undefined && { reqId }),
    code: status,
    body: { title, details: purpose, errorCode: status * 100 + genericDigits },
    type: '.ReqBody$ErrorResp',
  }
  return { status, body }
}

const toGivenResponse = (status: number, body: unknown): ServiceResponse =>
  typeof body === 'string'
    ? { status, bytes: Buffer.from(body), headers: { 'Content-Type': 'text/plain;charset=utf-8' } }
    : { status, body }

/** Headers in the mock's own spelling, so that they replace those of the same name. */
const withOwnSpelling = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const own = ['Content-Type', 'Retry-After'].find(
        known => known.toLowerCase() === name.toLowerCase(),
      )
      return [own ?? name, value]
    }),
  )

/** The response of a fault that has a status; 429 has `Retry-After`. `x-sendbox-fault` says why: it has no refusal to explain. Rule: RES-8. */
function toFaultResponse(
  { status, body, headers = {} }: FaultAction,
  call: Call,
  settings: Settings,
): ServiceResponse | undefined {
  if (status === undefined) return undefined
  const isDefault = body === undefined && status >= 400
  const response = isDefault
    ? toDefaultResponse(status, call, settings)
    : toGivenResponse(status, body)
  const retryAfter = status === 429 && { 'Retry-After': '1' }
  const { refusal: _, ...rest } = response
  const faulted = {
    ...rest,
    headers: { ...response.headers, ...retryAfter, ...withOwnSpelling(headers) },
  }
  return toCorsResponse(faulted, call.operationId, call.request)
}

/** A call, and the fault to apply to it. */
interface FaultedOperation {
  readonly fault: ActingCallFault
  readonly call: Call
  readonly services: Services
  /** The operation. */
  readonly handler: (call: Call, services: Services) => Promise<ServiceResponse>
}

/** The response of a faulted call names the fault, and no rules: it is not evidence of the service. Rule: RES-9. */
const toFaulted = (response: ServiceResponse, faultId: string): ServiceResponse => ({
  ...response,
  rules: [],
  headers: { ...response.headers, 'x-sendbox-fault': faultId },
})

/**
 * Applies a fault to a call: what comes before it, then its status, reset or hang in place of the operation; otherwise runs the operation,
 * and says how its response is written. Resolves with `undefined` if a reset of the account cancels the call.
 */
export async function applyFault({
  fault,
  call,
  services,
  handler,
}: FaultedOperation): Promise<Outcome | undefined> {
  const { faultId, action, delayMs } = fault
  const { settings } = call
  const { faults } = services
  const held = { accountId: call.accountId, socket: call.request.socket }
  const steps: FaultedCall<ServiceResponse> = {
    delay: async () => delayMs === 0 || faults.held.delay(held, delayMs),
    async process() {
      await handler(call, services)
      return true
    },
    respond: () => toFaultResponse(action, call, settings),
    hang() {
      faults.held.hang(held)
      return undefined
    },
  }
  const rows = rowsOf(callFaultActions, action)
  for (const row of rows) if (row.phase === 'before' && !(await row.apply(steps))) return undefined
  const ending = rows.find(row => row.phase === 'instead' || row.phase === 'after')
  const response =
    ending?.phase === 'instead'
      ? ending.apply(steps)
      : withEvidence(await handler(call, services), { ...settings, evidenceHeaders: false })
  return {
    delivery: ending?.wireOutcome ?? 'whole',
    faultId,
    ...(response && { response: toFaulted(response, faultId) }),
  }
}

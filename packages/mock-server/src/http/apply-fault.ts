import type { ActingFault } from '../faults/account-faults.ts'
import type { FaultAction } from '../faults/fault.ts'
import type { Service } from '../service.ts'
import type { Soon } from '../soon.ts'
import { type Answer, withEvidence } from './answer.ts'
import type { Call } from './call.ts'
import { toFaultAnswer } from './fault-answer.ts'
import type { Delivery, Outcome } from './outcome.ts'

/** A call, and the fault that acts on it. */
interface FaultedCall {
  readonly fault: ActingFault
  readonly call: Call
  readonly service: Service
  /** Processes the call. */
  readonly handle: () => Soon<Answer>
}

/** The answer of a fault is none of the service: it names the fault, and no rules. Rule: RES-9. */
const toFaulted = (answer: Answer, faultId: string): Answer => ({
  ...answer,
  rules: [],
  headers: { ...answer.headers, 'x-sendbox-fault': faultId },
})

const hasStatus = (action: FaultAction): action is FaultAction & { readonly status: number } =>
  action.status !== undefined

function deliveryOf({ truncate, malformed, loseAnswer }: FaultAction): Delivery {
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
